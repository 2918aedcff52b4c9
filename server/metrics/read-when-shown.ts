import { Counter, Gauge, type Registry } from "prom-client";

export interface ReadSeries<Label extends string> {
  readonly kind: "counter" | "gauge";
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
}

export type AddSample<Label extends string> = (
  labels: Readonly<Partial<Record<Label, string>>>,
  value: number,
) => void;

/** Series of what is counted in plain numbers elsewhere: `read` gives all samples, each time that metrics are shown. */
export function readWhenShown<Label extends string>(
  registry: Registry,
  { kind, ...series }: ReadSeries<Label>,
  read: (add: AddSample<Label>) => void,
): void {
  const options = { ...series, registers: [] };
  const metric = kind === "counter" ? new Counter(options) : new Gauge(options);
  Object.assign(metric, {
    collect() {
      metric.reset();
      read((labels, value) => metric.inc(labels, value));
    },
  });
  registry.registerMetric(metric);
}

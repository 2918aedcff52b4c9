import type { Registry } from "prom-client";

export interface MetricDescription {
  readonly name: string;
  /** "counter", "gauge" or "histogram". */
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

export function describeMetrics(registry: Registry): readonly MetricDescription[] {
  // As prom-client has them; its declarations leave most of it out.
  const metrics = registry.getMetricsAsArray() as unknown as readonly MetricDescription[];
  return metrics.map(({ name, type, help, labelNames }) => ({ name, type, help, labelNames }));
}

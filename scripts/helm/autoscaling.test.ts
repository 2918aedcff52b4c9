import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createMetrics } from "../../server/metrics/metrics.ts";
import { goldenOf } from "./manifests-in.ts";
import { environments } from "./paths.ts";

interface AdapterRule {
  readonly seriesQuery: string;
  readonly metricsQuery: string;
  readonly name: { readonly as: string };
}

interface Autoscaler {
  readonly metrics: readonly { readonly pods: { readonly metric: { readonly name: string } } }[];
}

const file = new URL("../../deploy/prometheus-adapter/values.yaml", import.meta.url);
const { rules } = parse(readFileSync(file, "utf8")) as { rules: { custom: AdapterRule[] } };

/** What autoscalers of all environments ask for. */
function wanted(): ReadonlySet<string> {
  const scalers = environments
    .flatMap(goldenOf)
    .filter(({ kind }) => kind === "HorizontalPodAutoscaler");
  const specs = scalers.map(({ spec }) => spec as Autoscaler);
  return new Set(specs.flatMap(({ metrics }) => metrics.map(({ pods }) => pods.metric.name)));
}

test("the adapter knows every metric that an autoscaler asks for, and no other", () => {
  expect(new Set(rules.custom.map(({ name }) => name.as))).toEqual(wanted());
});

test("what the adapter asks Prometheus for is what a process of ours exports", async () => {
  const page = await createMetrics().render();
  const exported = new Set([...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(seriesOf));
  const asked = rules.custom.flatMap(({ seriesQuery, metricsQuery }) => [
    ...`${seriesQuery} ${metricsQuery}`.matchAll(/\b(\w+)\{/g),
  ]);
  expect(asked.length).toBeGreaterThan(5);
  for (const [, series] of asked) expect(exported).toContain(series);
});

function seriesOf([, name = "", type]: RegExpMatchArray): readonly string[] {
  return type === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}

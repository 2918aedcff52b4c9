import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readDashboards } from "./dashboards.fixture.ts";
import { describeAll } from "./describe-all.ts";
import { scrapeLive, type LivePages } from "./live-metrics.fixture.ts";
import { withTable } from "./metrics-table.ts";
import { namedIn } from "./named-in.ts";
import { parsePage, type Page } from "./parse-page.ts";
import { rules } from "./rules.fixture.ts";

/** What Prometheus adds to whatever it scrapes, and says of it. */
const targetLabels = ["job", "instance", "namespace", "pod"];
const targetMetrics = ["up"];

const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
const described = new Map(describeAll().map((metric) => [metric.name, metric]));

let pages: LivePages;
let live: Page;

beforeAll(async () => {
  pages = await scrapeLive();
  live = parsePage(Object.values(pages).join("\n"));
}, 240_000);

test("docs/metrics.md tells of all that is exported: npx tsx scripts/metrics-document.ts writes it", () => {
  const page = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
  expect(page).toBe(withTable(page, [...described.values()]));
  expect([...live.types.keys()].sort()).toEqual([...described.keys()].sort());
});

test("samples have the labels that are told of", () => {
  for (const [name, labels] of live.labels)
    expect([...labels].sort(), name).toEqual([...(described.get(name)?.labelNames ?? [])].sort());
});

/** Names of series: those of histograms have an ending. */
function exportedAs(name: string): string | undefined {
  if (live.types.has(name)) return name;
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return live.types.get(base) === "histogram" ? base : undefined;
}

describe.each([
  ["rules", rules.map(({ expr }) => expr)] as const,
  ...readDashboards().map(({ title, queries }) => [title, queries] as const),
])("%s", (_, queries) => {
  const named = queries.map(
    (query) => [query.replaceAll(/\s+/g, " ").slice(0, 150), query] as const,
  );
  test.each(named)("%s", (_, query) => {
    const { metrics, labels } = namedIn(query);
    const known = new Set(targetLabels);
    for (const metric of metrics) {
      if (recorded.has(metric) || targetMetrics.includes(metric)) continue;
      const exported = exportedAs(metric);
      expect(exported, `${metric} is not exported`).toBeDefined();
      for (const label of described.get(exported!)!.labelNames) known.add(label);
      if (metric.endsWith("_bucket")) known.add("le");
    }
    // Recorded series have labels of what they are made of; the rules themselves are looked at as well.
    if (![...metrics].some((metric) => recorded.has(metric)))
      for (const label of labels) expect(known).toContain(label);
  });
});

test("calls of all kinds leave samples in what dashboards and alerts are made of", () => {
  const queries = [
    ...rules.map(({ expr }) => expr),
    ...readDashboards().flatMap((one) => one.queries),
  ];
  const named = new Set(queries.flatMap((query) => [...namedIn(query).metrics]));
  const empty = [...named].filter((name) => {
    const exported = exportedAs(name);
    return exported !== undefined && !live.labels.has(exported);
  });
  // What only happens when servers fail.
  expect(empty.sort()).toEqual([
    "crossfade_endpoint_ejected",
    "crossfade_endpoint_over_budget_total",
    "crossfade_rollout_refused_total",
  ]);
});

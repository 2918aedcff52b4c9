import { formatTable } from "../bench/table.ts";
import type { Judged } from "./judge.ts";
import type { Scenario } from "./scenarios.ts";

const headings = [
  "scenario",
  "calls",
  "failed",
  "degraded",
  "spilled",
  "strayed",
  "p50 ms",
  "p99 ms",
  "max ms",
  "over 100 ms",
  "late p99 ms",
  "verdict",
];

/** A line for each scenario. */
export function describe(results: ReadonlyMap<Scenario, Judged>): string {
  const rows = Array.from(results, ([{ name }, judged]) => [name, ...cellsOf(judged)]);
  return formatTable(headings, rows);
}

function cellsOf(judged: Judged): string[] {
  const { latencies, lag, slowShare } = judged;
  const failed = Object.entries(judged.failed).map(([code, count]) => `${count} ${code}`);
  return [
    `${judged.calls}`,
    failed.join(", ") || "0",
    `${judged.degraded}`,
    `${judged.spilled}`,
    `${judged.strayed}`,
    latencies.p50.toFixed(1),
    latencies.p99.toFixed(1),
    latencies.max.toFixed(0),
    `${(100 * slowShare).toFixed(2)}%`,
    lag.p99.toFixed(1),
    verdictOf(judged),
  ];
}

function verdictOf({ missed, invalid }: Judged): string {
  if (invalid.length > 0) return "INVALID";
  return missed.length > 0 ? "MISSED" : "ok";
}

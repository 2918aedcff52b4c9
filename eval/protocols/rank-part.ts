import { hitCurve, type RankMetric } from "../metrics/rank-metrics.ts";
import type { Metric } from "./part.ts";

/** Those of the table, then the points of the curve. */
export function rankMetrics(shown: readonly RankMetric[]): readonly Metric[] {
  return [
    ...shown.map(({ name }) => ({ name })),
    ...hitCurve.map(({ name }) => ({ name, isCurve: true as const })),
  ];
}

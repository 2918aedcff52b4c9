import type { RunResult } from "../run-result.ts";

/** Shares of all calls that ended and were not cancelled by the plan. NaN where there are none. */
export interface FailedShares {
  /** Without what was shed. */
  readonly errors: number;
  readonly shed: number;
}

/**
 * Calls that never left, since no stream was free in time, failed too. An OK batch counts by its results: one of which
 * a tenth failed is a tenth of an error.
 */
export function failedShares({ counts, rows }: Pick<RunResult, "counts" | "rows">): FailedShares {
  const { ok, failed, shed } = counts;
  const calls = ok + failed;
  const allRows = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const rowShare = (count: number) => (allRows === 0 ? 0 : count / allRows);
  const shedRows = rowShare(rows["RESOURCE_EXHAUSTED"] ?? 0);
  const failedRows = allRows === 0 ? 0 : 1 - rowShare(rows["OK"] ?? 0);
  return {
    errors: (failed - shed + ok * Math.max(0, failedRows - shedRows)) / calls,
    shed: (shed + ok * shedRows) / calls,
  };
}

import type { RunResult } from "../run-result.ts";

/** Shares of all calls but those that the plan cancelled. NaN where no call ended. */
export interface FailedShares {
  /** Without what was shed. */
  readonly errors: number;
  readonly shed: number;
}

/**
 * Calls that were due and got no OK, those never sent among them. An OK batch counts by its results: one of which a
 * tenth failed is a tenth of an error.
 */
export function failedShares({ counts, rows }: Pick<RunResult, "counts" | "rows">): FailedShares {
  const calls = counts.due - counts.cancelled;
  const allRows = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const rowShare = (count: number) => (allRows === 0 ? 0 : count / allRows);
  const shedRows = rowShare(rows["RESOURCE_EXHAUSTED"] ?? 0);
  const failedRows = allRows === 0 ? 0 : 1 - rowShare(rows["OK"] ?? 0);
  const failedCalls = calls - counts.ok - counts.shed;
  return {
    errors: (failedCalls + counts.ok * Math.max(0, failedRows - shedRows)) / calls,
    shed: (counts.shed + counts.ok * shedRows) / calls,
  };
}

import type { RunPlan } from "../run-plan.ts";
import type { RunProgress } from "../run-progress.ts";
import type { RunResult } from "../run-result.ts";

export interface RunOptions {
  /** Aborted: the run ends at once with what it has, marked as interrupted. */
  readonly signal?: AbortSignal;
  onProgress?(progress: RunProgress): void;
}

/**
 * Runs a plan from this process, in threads of its own. Rejects where no run was possible: a plan that cannot be, with
 * all its problems, or a target that cannot be reached; what happens later is in the result.
 */
export type Run = (plan: RunPlan, options?: RunOptions) => Promise<RunResult>;

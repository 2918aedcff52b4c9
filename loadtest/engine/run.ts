import { formatDuration } from "../../display/figures.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunProgress } from "../run-progress.ts";
import type { EarlyEnd, RunResult } from "../run-result.ts";
import { assertPlan } from "./assert-plan.ts";
import { nowMs, openLocalRun } from "./local-run.ts";
import { resultOf } from "./result-of.ts";
import { lengthOf } from "./schedule-length.ts";

export interface RunOptions {
  /** Aborted: the run ends at once with what it has, marked as interrupted. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** For workers to hear of the start. */
const leadMs = 50;

/**
 * Runs a plan from this process, in threads of its own. Rejects where no run was possible: with an Error that names all
 * problems of the plan, or a ServingError for a target that cannot be reached. What happens later is in the result.
 */
export async function run(plan: RunPlan, options: RunOptions = {}): Promise<RunResult> {
  assertPlan(plan);
  const { signal, onProgress } = options;
  const share = { index: 0, of: 1 };
  const local = await openLocalRun({ plan, share, ...(onProgress && { onProgress }) });
  const countFromMs = startOf(plan);
  const interrupt = () => local.stop(interruption(plan, nowMs() - countFromMs));
  try {
    local.start(countFromMs);
    signal?.addEventListener("abort", interrupt, { once: true });
    if (signal?.aborted) interrupt();
    return resultOf(plan, [await local.report]);
  } finally {
    signal?.removeEventListener("abort", interrupt);
    await local.close();
  }
}

/** When counting starts: as planned, or as soon as everybody has heard of it and has warmed up. */
export function startOf({ startAtMs, warmUpMs }: RunPlan, farthestMs = 0): number {
  const earliestMs = nowMs() + leadMs + farthestMs + warmUpMs;
  if (startAtMs === undefined) return earliestMs;
  if (startAtMs >= earliestMs) return startAtMs;
  const lateMs = Math.ceil(earliestMs - startAtMs);
  throw new Error(`startAtMs is ${lateMs} ms too early: connecting and warming up come before it`);
}

export function interruption({ schedule }: RunPlan, elapsedMs: number): EarlyEnd {
  const after = formatDuration(Math.max(0, elapsedMs));
  const of = formatDuration(lengthOf(schedule));
  return { by: "interrupt", because: `it was interrupted after ${after} of ${of}` };
}

import type { Objective } from "./slo.ts";

/** What a run says of an SLO. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Sentences: why the run proves nothing, or is a failure whatever its figures are. */
  readonly reasons: readonly string[];
  readonly gates: readonly Gate[];
}

/**
 * "invalid": neither shown nor refuted, since the run proves nothing or too little. It is never a pass, and no failure
 * of what was called.
 */
export type Outcome = "pass" | "fail" | "invalid";

/** One objective, judged. */
export interface Gate {
  readonly objective: Objective;
  readonly outcome: Outcome;
  /** In the unit of the limit: ms, a share, calls per second. Absent: there is none. */
  readonly found?: number;
  /** Why it could not be judged. */
  readonly why?: string;
}

const exitCodes: Readonly<Record<Outcome, number>> = { pass: 0, fail: 1, invalid: 2 };

export function exitCode({ outcome }: Pick<Verdict, "outcome">): number {
  return exitCodes[outcome];
}

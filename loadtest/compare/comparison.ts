import type { RunResult } from "../run-result.ts";
import type { Outcome } from "../verdict/verdict.ts";
import type { Difference } from "./compare-samples.ts";
import type { Sample } from "./metrics.ts";
import type { SideName } from "./run-order.ts";

/** Runs of two sides in turns, and how b differs from a. */
export interface Comparison {
  readonly names: Readonly<Record<SideName, string>>;
  /** "fail": b is worse in something. */
  readonly outcome: Outcome;
  /** Sentences: why it proves nothing, or why b is worse whatever the differences are. */
  readonly reasons: readonly string[];
  /** What a reader should know. */
  readonly notes: readonly string[];
  /** Of rounds in which both runs were valid; empty when they are too few. */
  readonly differences: readonly Difference[];
  /** In the order in which they ran. */
  readonly runs: readonly ComparedRun[];
}

export interface ComparedRun {
  readonly side: SideName;
  /** From 0. */
  readonly round: number;
  readonly result: RunResult;
  /** Absent: the run was not valid. */
  readonly sample?: Sample;
}

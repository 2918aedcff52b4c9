import type { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import type { Code } from "../proto/serving-error.ts";
import type { Distribution } from "./distribution.ts";

/**
 * What a router tells about its work. Calls count rows: a batch costs a few of them. The model is "" for all models
 * without a distribution, since callers can make up names.
 */
export interface RouterMeter {
  /** These weights are wanted from now on; the observed ones are shares of `answered` rows, by reason. */
  applied(document: Distribution): void;
  /** One query that has no arm: its caller may not ask for it, or it does not exist. */
  refused(model: string, code: Code): void;
  /**
   * How the arm that was picked did, whatever became of its failures: UNAVAILABLE also when it was not asked because
   * nothing that holds its version is ready. Nothing here is a spill.
   */
  answered(outcome: ArmOutcome): void;
  /** What became of failures of the arm `from`, which `answered` has told before. */
  spilled(outcome: SpillOutcome): void;
  shadowed(outcome: ShadowOutcome): void;
  /** Not copied: so many copies were still under way. */
  shadowDropped(model: string, arm: string): void;
}

interface Outcome {
  readonly model: string;
  readonly code: Code;
  readonly rows: number;
  /** From arrival at the arm to its answer. */
  readonly ms: number;
}

export interface ArmOutcome extends Outcome {
  readonly arm: string;
  readonly reason: RouteReason;
}

export interface SpillOutcome extends Outcome {
  readonly from: string;
  readonly to: string;
}

export interface ShadowOutcome extends Outcome {
  readonly arm: string;
  /** The share of ids that both arms recommend; undefined when one of them could not answer in full. */
  readonly overlap: number | undefined;
}

export const silentRouterMeter: RouterMeter = {
  applied: () => {},
  refused: () => {},
  answered: () => {},
  spilled: () => {},
  shadowed: () => {},
  shadowDropped: () => {},
};

import type { Distribution } from "../distribution.ts";

/** The only format of rollouts that this build reads and writes. */
export const rolloutFormat = 1;

/** What the control store keeps for one model: who gets which version, and how that goes on by itself. */
export interface Rollout {
  readonly format: typeof rolloutFormat;
  /** What routers apply. Its model and revision are the rollout's. */
  readonly distribution: Distribution;
  /** There while steps run or are paused; absent: weights are set by hand. */
  readonly plan?: Plan;
  readonly state: RolloutState;
  readonly changed: Change;
}

/** How a canary grows; `canaryOf` says which arm that is. */
export interface Plan {
  readonly steps: readonly Step[];
}

export interface Step {
  /** Of the canary, in basis points. */
  readonly weight: number;
  /** Milliseconds; 0 only for the last step. "pause": until somebody promotes or resumes. */
  readonly dwell: number | "pause";
}

/** Times are milliseconds since 1970. */
export type RolloutState =
  | { readonly phase: "steady" }
  | { readonly phase: "stepping"; readonly step: number; readonly sinceMs: number }
  /** `leftMs` of the step's dwell is still to come; absent at a step that pauses by itself. */
  | {
      readonly phase: "paused";
      readonly step: number;
      readonly sinceMs: number;
      readonly leftMs?: number;
    }
  | { readonly phase: "aborted"; readonly sinceMs: number }
  /** The canary's version is the stable arm's, and there is no canary any more. */
  | { readonly phase: "promoted"; readonly sinceMs: number };

/** The rollout but for its revision, and for who made it. */
export type Draft = Pick<Rollout, "distribution" | "plan" | "state">;

/** Who made a rollout what it is, and why. */
export interface Change {
  readonly auditId: string;
  /** E.g. "set weight" or "advance". */
  readonly verb: string;
  /** Whose token or certificate it was; "router NAME" for steps that came by themselves. */
  readonly by: string;
  /** The address it came from. */
  readonly from: string;
  readonly reason: string;
  readonly atMs: number;
}

/** A change before it has its verb. */
export type Author = Omit<Change, "verb">;

/** What steps look at. */
export interface Observation {
  readonly nowMs: number;
  /** For how long whoever looks has seen the step run, by a clock that nobody sets. */
  readonly dweltMs: number;
  readonly canary: ObservedCanary;
}

/** How the canary does, by what live routers report. Its metrics belong here. */
export interface ObservedCanary {
  /** Some router sees a server that is ready and holds its version. */
  readonly isHeld: boolean;
}

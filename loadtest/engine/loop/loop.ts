import type { RunPlan } from "../../run-plan.ts";
import type { Clock } from "../clock.ts";
import type { Tally } from "../record/tally.ts";
import type { Caller } from "./caller.ts";

/** What sends a worker's share of a run, from warming up until its last call has ended. */
export interface Loop {
  /** Calls back, once, when the run is over: complete, or stopped. */
  start(onEnd: () => void): void;
  /** A stream is free again. */
  onFree(): void;
  /** Sends nothing more and ends at once, whatever is in flight. */
  stop(): void;
}

export interface LoopParts {
  readonly plan: RunPlan;
  readonly clock: Clock;
  readonly caller: Caller;
  readonly tally: Tally;
  /** When counting starts, on the clock. */
  readonly origin: { readonly atMs: number };
}

/** Senders end calls by their deadline; one that does not is not waited for any longer. */
export const graceMs = 1_000;

import type { Erring } from "./erring.ts";
import type { Slowness } from "./slowed.ts";

/** What is wrong with the models of a server. */
export interface Faults {
  readonly slowness: Slowness;
  readonly erring?: Erring;
}

/** Nothing is wrong. The small model answers as one would that is worth being slow. */
export const noFaults: Faults = { slowness: { leastMs: 12, times: 1 } };

import type { Rollout, Step } from "./rollout.ts";
import type { Distribution } from "../distribution.ts";

/**
 * What somebody wants done to a rollout. Asking with `set` for what is so already is no error, so that a script can be
 * run again; the other verbs are refused where they would do nothing.
 */
export type Intent =
  /** By hand, in basis points: ends the steps. The stable arm takes or gives what is missing, unless it is named. */
  | { readonly verb: "set weight"; readonly weights: Readonly<Record<string, number>> }
  | SetVersion
  /** Begins with the first step at once. */
  | { readonly verb: "set steps"; readonly steps: readonly Step[] }
  /** Every query to one arm; absent: to its own again. Steps are paused, and stay so. */
  | { readonly verb: "set kill-switch"; readonly arm?: string | undefined }
  /** To the next step; `full`: the canary's version becomes the stable one; `force`: although no server may hold it. */
  | { readonly verb: "promote"; readonly full: boolean; readonly force?: boolean }
  | { readonly verb: "pause" }
  | { readonly verb: "resume" }
  /** Everybody back to the stable arm: who is on a list or under a kill switch, too. */
  | { readonly verb: "abort" }
  /** Exactly what was so once: the same users in the same arms. */
  | { readonly verb: "undo"; readonly former: Distribution }
  /** After the store lost what routers hold: the newest of theirs, above every revision that any of them has. */
  | { readonly verb: "adopt"; readonly held: Rollout; readonly highest: number }
  /** A whole distribution, as JSON; its revision is not looked at, and may be missing. */
  | { readonly verb: "apply"; readonly json: string };

/** An arm that is not there yet is added, with weight 0. */
export interface SetVersion {
  readonly verb: "set version";
  readonly arm: string;
  readonly version: string;
  /** A random one; taken when this begins a new rollout: when everybody is on the stable arm. */
  readonly salt: string;
}

export type IntentOf<Verb extends Intent["verb"]> = Extract<Intent, { readonly verb: Verb }>;

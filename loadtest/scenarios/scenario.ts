import type { RunPlan } from "../run-plan.ts";
import type { RunResult } from "../run-result.ts";
import type { Schedule } from "../schedule.ts";
import type { Stage, Vitals } from "./stage.ts";

/** Something that happens to servers under load, and what must hold whatever happens. */
export interface Scenario {
  readonly name: string;
  /** One line, for the list of scenarios. */
  readonly summary: string;
  readonly needs: StageNeeds;
  readonly load: (scale: Scale) => Load;
  /** What is done to the servers meanwhile. */
  readonly acts?: (scale: Scale) => readonly Act[];
  /** The invariant, judged by nothing but what was seen. */
  readonly judge: (seen: Seen) => readonly Claim[];
}

/** What must stand before the load begins. */
export interface StageNeeds {
  /** Processes of `crossfade serve`. */
  readonly servers: number;
  /** "large": computing an answer, not reading and writing it, is what limits a server. Default "small". */
  readonly model?: ModelSize;
  /** Versions of the model that they hold, of two. */
  readonly versions: readonly ("1" | "2")[];
  /** Most calls in flight on a server; more are refused. Default: the server's own. */
  readonly maxInFlight?: number;
  /** Before the servers, with an arm "stable" that has everybody and an arm "canary" that has nobody. */
  readonly hasRouter: boolean;
  /** Users who are asked for again and again, to see which arm each of them gets. */
  readonly witnesses?: number;
}

export type ModelSize = "small" | "large";

export interface Scale {
  /** Calls per second that a closed loop of a few callers reached. */
  readonly capacity: number;
  /** A share of that, which the machine carries with ease. */
  readonly perSecond: number;
  /** A length of so many seconds on a full stage, in ms; shorter in a small one. */
  readonly seconds: (count: number) => number;
}

export interface Load extends Partial<Pick<RunPlan, "cancels" | "deadlineMs">> {
  readonly schedule: Schedule;
}

export interface Act {
  readonly atMs: number;
  readonly name: string;
  readonly perform: (stage: Stage) => Promise<void>;
}

/** What was done, in ms from the start of counting. */
export interface Done {
  readonly name: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /** Why it could not be done. */
  readonly problem?: string;
}

/** Which arm each witness got, "" for no answer. */
export interface Sighting {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly arms: readonly string[];
}

/** All that a judgement rests on. */
export interface Seen {
  readonly scale: Scale;
  readonly load: Load;
  readonly result: RunResult;
  readonly done: readonly Done[];
  readonly sightings: readonly Sighting[];
  readonly before: Vitals;
  readonly after: Vitals;
}

/** One thing that must hold. */
export interface Claim {
  /** E.g. "no call fails". */
  readonly says: string;
  /** "unknown": too little was seen. */
  readonly holds: boolean | "unknown";
  /** What was found. */
  readonly found: string;
}

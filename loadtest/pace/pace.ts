import { Random } from "../../models/random.ts";
import type { Arrivals, Schedule } from "../schedule.ts";
import { createRateCurve, stepsOf } from "./rate-curve.ts";

export type OpenSchedule = Exclude<Schedule, { kind: "closed" }>;

/** The moments of a schedule, one after the other. Made anew from the same record and seed, they are the same. */
export interface Pace {
  /** Of the schedule, whoever sends its calls. */
  readonly forMs: number;
  /** When the next call is due, ms from the start, never falling; Infinity when there are no more. */
  next(): number;
}

export interface PaceOptions {
  readonly seed: number;
  /** Chance of its own under the same seed. Default 0. */
  readonly stream?: number;
}

export function createPace(schedule: OpenSchedule, options: PaceOptions): Pace {
  if (schedule.kind === "replay") return replay(schedule);
  const curve = createRateCurve(stepsOf(schedule));
  const advance = arrivalsOf(schedule) === "even" ? evenly() : independently(options);
  return { forMs: curve.forMs, next: () => curve.timeOf(advance()) };
}

function arrivalsOf(schedule: Exclude<OpenSchedule, { kind: "replay" }>): Arrivals {
  if (schedule.kind === "poisson") return "poisson";
  return schedule.kind === "constant" ? "even" : (schedule.arrivals ?? "even");
}

/** How many calls an even flow has made when the next call is due: whole numbers from 0. */
function evenly(): () => number {
  let made = 0;
  return () => made++;
}

/** The same of callers who do not know each other; a curve turns it into a Poisson process of its rate. */
function independently({ seed, stream = 0 }: PaceOptions): () => number {
  const random = new Random(seed, stream);
  let made = 0;
  return () => (made -= Math.log(1 - random.share()));
}

function replay({ atMs, speed }: Extract<Schedule, { kind: "replay" }>): Pace {
  let next = 0;
  return {
    forMs: (atMs.at(-1) ?? 0) / speed,
    next: () => (next < atMs.length ? atMs[next++]! / speed : Infinity),
  };
}

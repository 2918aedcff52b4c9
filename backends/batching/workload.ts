import type { Batch } from "./batch.ts";
import type { Lane } from "./lane.ts";
import { predictMs } from "./run-time.ts";

/** All that is left to do. */
export interface Workload<Owner> {
  /** Lanes with rows. */
  readonly waiting: ReadonlySet<Lane<Owner>>;
  /** Sent and not ended. */
  readonly flight: readonly Batch<Owner>[];
}

/** Predicted engine time of it all, as if the engine did one run at a time. */
export function workMs(workload: Workload<unknown>, nowMs: number): number {
  let ms = flightMs(workload.flight, nowMs);
  for (const lane of workload.waiting) {
    const runs = Math.ceil(lane.length / lane.maxBatch);
    ms += runs * lane.runTime.fixedMs + lane.length * lane.runTime.rowMs;
  }
  return ms;
}

export function flightMs(flight: readonly Batch<unknown>[], nowMs: number): number {
  let ms = 0;
  for (const batch of flight) ms += remainingMs(batch, nowMs);
  return ms;
}

/** Of `rows` rows that start together on an idle engine. */
export function runMs(lane: Lane<unknown>, rows: number, parallel: number): number {
  const rounds = Math.ceil(Math.ceil(rows / lane.maxBatch) / parallel);
  return rounds * predictMs(lane.runTime, Math.min(rows, lane.maxBatch));
}

/** Nothing for a run that overstays its prediction: it may end at any moment, or never. */
function remainingMs(batch: Batch<unknown>, nowMs: number): number {
  const predicted = predictMs(batch.lane.runTime, batch.tickets.length);
  return batch.startedMs === undefined
    ? predicted
    : Math.max(0, predicted - (nowMs - batch.startedMs));
}

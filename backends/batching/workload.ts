import type { EngineSession } from "../engine.ts";
import type { Lane } from "./lane.ts";
import { predictMs } from "./run-time.ts";
import type { Usual } from "./lanes.ts";

/** Predicted time of all runs that the rows in these lanes need, one after the other. */
export function queuedMs(lanes: Iterable<Lane<unknown>>): number {
  let ms = 0;
  for (const { length, maxBatch, runTime } of lanes)
    ms += Math.ceil(length / maxBatch) * runTime.fixedMs + length * runTime.rowMs;
  return ms;
}

/** When each session is free. */
export function sessionsLeftMs(sessions: readonly EngineSession[], nowMs: number): number[] {
  return sessions.map((session) => session.leftMs(nowMs));
}

/**
 * When the first session is free for what comes after `workMs` of work that goes to whichever session is free first: one
 * that hangs gets none of it. `Infinity` without sessions.
 */
export function waitMs(leftMs: readonly number[], workMs: number): number {
  const sorted = leftMs.toSorted((a, b) => a - b);
  let restMs = workMs;
  for (let sharers = 1; sharers <= sorted.length; sharers++) {
    const freeMs = sorted[sharers - 1]!;
    const untilNextMs = ((sorted[sharers] ?? Infinity) - freeMs) * sharers;
    if (restMs <= untilNextMs) return freeMs + restMs / sharers;
    restMs -= untilNextMs;
  }
  return Infinity;
}

export interface OwnRows {
  readonly rows: number;
  readonly usual: Usual;
}

/** When the last of these rows is done, after `workMs` of other work. */
export function endMs(leftMs: readonly number[], workMs: number, own: OwnRows): number {
  const { runTime, maxBatch } = own.usual;
  const runMs = predictMs(runTime, Math.min(own.rows, maxBatch));
  const startMs = waitMs(leftMs, workMs);
  const freeMs = leftMs.map((ms) => Math.max(ms, startMs));
  let lastMs = startMs;
  for (let rows = own.rows; rows > 0; rows -= maxBatch) {
    const nextMs = Math.min(...freeMs);
    lastMs = nextMs + runMs;
    freeMs[freeMs.indexOf(nextMs)] = lastMs;
  }
  return lastMs;
}

import type { ServingError } from "../../proto/serving-error.ts";
import { type Clock, oncePerTurn, systemClock } from "../clock.ts";
import { type BatchRunner, type Dispatch, left, pump } from "./dispatch.ts";
import { append, type Lane, type Ticket, unlink } from "./lane.ts";
import { type Meter, silentMeter } from "../meter.ts";
import { queueFull, queueTooSlow } from "../refusals.ts";
import { lineThrough, type Run, type RunTime } from "./run-time.ts";
import { runMs, workMs } from "./workload.ts";

export interface BatcherOptions<Owner> extends BatchRunner<Owner> {
  /** Runs that make progress at the same time; as many full batches again are sent ahead of their turn. */
  readonly parallel: number;
  /** By lane. */
  readonly maxBatch: (lane: string) => number;
  /** Default 4,096. */
  readonly maxQueuedRows?: number;
  readonly clock?: Clock;
  readonly meter?: Meter;
}

/**
 * Natural batching: an idle engine takes what waits, up to the lane's largest batch, at the end of the event loop's
 * turn, so that rows that arrive together run together; no row is held back any longer to wait for company. A full
 * batch, which waiting cannot improve, leaves at once, also while the engine is busy.
 */
export interface Batcher<Owner> {
  readonly queuedRows: number;
  /** Queues or refuses the row. */
  add(ticket: Ticket<Owner>): void;
  /** For a row whose caller waits no longer; nothing happens when it has left the queue. */
  remove(ticket: Ticket<Owner>): void;
  /** Runs of this lane that were timed before the first row. */
  seed(lane: string, runs: readonly Run[]): void;
  /** Predicted wait and run of `rows` more rows, of the lane that ran last. */
  costMs(rows: number): number;
}

export function createBatcher<Owner>(options: BatcherOptions<Owner>): Batcher<Owner> {
  const {
    parallel,
    maxBatch,
    maxQueuedRows = 4096,
    clock = systemClock,
    meter = silentMeter,
  } = options;
  const lanes = new Map<string, Lane<Owner>>();
  const dispatch: Dispatch<Owner> = {
    runner: options,
    parallel,
    clock,
    meter,
    waiting: new Set(),
    flight: [],
    queuedRows: 0,
    usual: undefined,
  };

  /** Lanes stay: a family has only so many, and what was learned of their runs is worth keeping. */
  const laneOf = (key: string) => {
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = createLane(key, Math.max(1, maxBatch(key)), dispatch.usual?.runTime);
      lanes.set(key, lane);
    }
    return lane;
  };

  const pumpThisTurn = oncePerTurn(clock, () => pump(dispatch));

  return {
    get queuedRows() {
      return dispatch.queuedRows;
    },
    add(ticket) {
      const lane = laneOf(ticket.row.lane);
      queue(dispatch, lane, ticket);
      const refusal = overload(dispatch, ticket, maxQueuedRows);
      if (refusal !== undefined) {
        unqueue(dispatch, lane, ticket);
        options.refuse(ticket, refusal);
      } else if (lane.length >= lane.maxBatch) pump(dispatch);
      // A busy engine asks by itself when it is free.
      else if (dispatch.flight.length < parallel) pumpThisTurn();
    },
    remove(ticket) {
      if (ticket.lane !== undefined) unqueue(dispatch, ticket.lane, ticket);
    },
    seed(key, runs) {
      const lane = laneOf(key);
      Object.assign(lane.runTime, lineThrough(runs));
      lane.runs = runs.length;
      dispatch.usual = lane;
    },
    costMs(rows) {
      const own = dispatch.usual === undefined ? 0 : runMs(dispatch.usual, rows, parallel);
      return workMs(dispatch, clock.now()) / parallel + own;
    },
  };
}

function createLane<Owner>(
  key: string,
  maxBatch: number,
  like: RunTime = { fixedMs: 0, rowMs: 0 },
): Lane<Owner> {
  const runTime = { fixedMs: like.fixedMs, rowMs: like.rowMs };
  return {
    key,
    maxBatch,
    runTime,
    runs: 0,
    refusals: 0,
    length: 0,
    first: undefined,
    last: undefined,
  };
}

function queue<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  append(lane, ticket);
  dispatch.waiting.add(lane);
  dispatch.queuedRows++;
}

function unqueue<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  unlink(lane, ticket);
  left(dispatch, lane, 1);
}

/** Why a row that was just queued should not be. */
function overload<Owner>(
  dispatch: Dispatch<Owner>,
  ticket: Ticket<Owner>,
  maxQueuedRows: number,
): ServingError | undefined {
  const isFull = dispatch.queuedRows > maxQueuedRows;
  // An idle engine always tries: if the prediction is wrong, a run will correct it.
  if (dispatch.flight.length === 0 && !isFull) return undefined;
  const waitMs = workMs(dispatch, ticket.arrivedMs) / dispatch.parallel;
  if (isFull) return queueFull(maxQueuedRows, waitMs);
  const leftMs = ticket.dueMs - ticket.arrivedMs;
  return waitMs > leftMs ? queueTooSlow(waitMs, leftMs) : undefined;
}

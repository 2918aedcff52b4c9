import type { ServingError } from "../../proto/serving-error.ts";
import { type Clock, oncePerTurn, systemClock } from "../clock.ts";
import { lastInTurn } from "./batch.ts";
import { type BatchRunner, type Dispatch, left, pump } from "./dispatch.ts";
import { insert, type Lane, type Ticket, unlink } from "./lane.ts";
import { createLanes } from "./lanes.ts";
import { type BackendLoad, type Meter, silentMeter } from "../meter.ts";
import { queueFull, queueTooSlow } from "../refusals.ts";
import { lineThrough, type Run } from "./run-time.ts";
import { enter, queued, shareBefore, type Turns } from "./turns.ts";
import { endMs, queuedMs, sessionsLeftMs, waitMs } from "./workload.ts";

export interface BatcherOptions<Owner> extends BatchRunner<Owner> {
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
 * batch, which waiting cannot improve, leaves at once, also while the engine is busy: one whose run is short, for the
 * session that is free first.
 */
export interface Batcher<Owner> {
  /** As of now. */
  readonly load: () => BackendLoad;
  /** For the tickets of one call. */
  enter(): Turns;
  /** Queues the row, and refuses one: this one, or the last in turn when the queue is full. */
  add(ticket: Ticket<Owner>): void;
  /** For a row whose caller waits no longer; nothing happens when it has left the queue. */
  remove(ticket: Ticket<Owner>): void;
  /** Runs of this lane that were timed before the first row. */
  seed(lane: string, runs: readonly Run[]): void;
  /** Predicted wait and run of `rows` more rows, of the usual kind. `Infinity` while the engine has no session. */
  costMs(rows: number): number;
}

export function createBatcher<Owner>(options: BatcherOptions<Owner>): Batcher<Owner> {
  const { maxBatch, maxQueuedRows = 4096, clock = systemClock, meter = silentMeter } = options;
  const lanes = createLanes<Owner>(maxBatch);
  const dispatch: Dispatch<Owner> = {
    runner: options,
    clock,
    meter,
    waiting: new Set(),
    lanes,
    inFlight: 0,
    queuedRows: 0,
    turn: 0,
    calls: 0,
  };

  const pumpThisTurn = oncePerTurn(clock, () => pump(dispatch));

  return {
    load: () => ({
      queuedRows: dispatch.queuedRows,
      maxQueuedRows,
      runningBatches: dispatch.inFlight,
    }),
    enter: () => enter(dispatch),
    add(ticket) {
      const lane = lanes.of(ticket.row.lane);
      queue(dispatch, lane, ticket);
      relieve(dispatch, ticket, maxQueuedRows);
      if (ticket.lane === undefined) return;
      if (lane.length >= lane.maxBatch) pump(dispatch);
      // A busy engine asks by itself when it is free.
      else if (mayTakeMore(dispatch)) pumpThisTurn();
    },
    remove(ticket) {
      if (ticket.lane !== undefined) unqueue(dispatch, ticket.lane, ticket);
    },
    seed(key, runs) {
      const lane = lanes.of(key);
      Object.assign(lane.runTime, lineThrough(runs));
      lane.runs = runs.length;
      // Warm-up says what a lane costs and nothing of how often it is asked for.
      lanes.ran(lane, 1);
    },
    costMs(rows) {
      const leftMs = sessionsLeftMs(options.sessions(), clock.now());
      const beforeMs = workBeforeMs(dispatch, dispatch.turn + rows);
      return endMs(leftMs, beforeMs, { rows, usual: lanes.usual() });
    },
  };
}

function queue<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  ticket.turn = queued(dispatch, ticket.turns);
  insert(lane, ticket);
  dispatch.waiting.add(lane);
  dispatch.queuedRows++;
}

function unqueue<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  unlink(lane, ticket);
  left(dispatch, lane, [ticket]);
}

/** Refuses a row when one too many waits, or this one when it would wait too long. */
function relieve<Owner>(dispatch: Dispatch<Owner>, ticket: Ticket<Owner>, maxRows: number): void {
  const { runner, waiting, queuedRows } = dispatch;
  const isFull = queuedRows > maxRows;
  // Whoever queued most made it full.
  const refused = isFull ? lastInTurn(waiting, ticket) : ticket;
  const error = isFull
    ? queueFull(maxRows, queueMs(dispatch, refused))
    : overload(dispatch, ticket);
  if (error === undefined) return;
  unqueue(dispatch, refused.lane!, refused);
  runner.refuse(refused, error);
}

/** Why a row that was just queued should not be. */
function overload<Owner>(
  dispatch: Dispatch<Owner>,
  ticket: Ticket<Owner>,
): ServingError | undefined {
  // A row for an idle engine is judged when its batch is formed, where a prediction that refuses too much is noticed.
  if (dispatch.inFlight === 0) return undefined;
  const needsMs = queueMs(dispatch, ticket);
  const leftMs = ticket.dueMs - ticket.arrivedMs;
  // Without a session, the engine says what is the matter.
  return needsMs > leftMs && needsMs < Infinity ? queueTooSlow(needsMs, leftMs) : undefined;
}

function queueMs<Owner>(dispatch: Dispatch<Owner>, { turn, arrivedMs }: Ticket<Owner>): number {
  const leftMs = sessionsLeftMs(dispatch.runner.sessions(), arrivedMs);
  return waitMs(leftMs, workBeforeMs(dispatch, turn));
}

/** Predicted time of the queued runs that come before a row with this turn. */
function workBeforeMs<Owner>(dispatch: Dispatch<Owner>, turn: number): number {
  return queuedMs(dispatch.waiting) * shareBefore(dispatch, turn, dispatch.queuedRows);
}

function mayTakeMore<Owner>({ runner, inFlight }: Dispatch<Owner>): boolean {
  return inFlight === 0 || runner.sessions().some(({ runs }) => runs === 0);
}

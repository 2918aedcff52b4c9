import type { ServingError } from "../../proto/serving-error.ts";
import { type Batch, formBatch, nextLane } from "./batch.ts";
import type { Clock } from "../clock.ts";
import type { Lane, Ticket } from "./lane.ts";
import type { Meter } from "../meter.ts";
import { cannotMakeIt } from "../refusals.ts";
import { learn, type Run, scaleTo } from "./run-time.ts";
import { flightMs } from "./workload.ts";

/** What the batcher asks of its owner. */
export interface BatchRunner<Owner> {
  /** Resolves when the engine is done; what it resolves to is called when the engine has its next batch. */
  readonly run: (batch: Batch<Owner>) => Promise<() => void>;
  /** `run` rejected. */
  readonly fail: (batch: Batch<Owner>, error: unknown) => void;
  /** Instead of running it. */
  readonly refuse: (ticket: Ticket<Owner>, error: ServingError) => void;
}

/** What waits, what runs, and how it may go from one to the other. */
export interface Dispatch<Owner> {
  readonly runner: BatchRunner<Owner>;
  readonly parallel: number;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Lanes with rows. */
  readonly waiting: Set<Lane<Owner>>;
  /** In the order they were sent. */
  readonly flight: Batch<Owner>[];
  queuedRows: number;
  /** The lane that ran last: what one that never ran is taken to cost. */
  usual: Lane<Owner> | undefined;
}

/** Sends what may be sent. */
export function pump<Owner>(dispatch: Dispatch<Owner>): void {
  const { waiting, flight, parallel } = dispatch;
  for (;;) {
    const lane = nextLane(waiting);
    if (lane === undefined) return;
    const isFull = lane.length >= lane.maxBatch;
    // Ahead goes only the lane whose turn it is, or full lanes would starve the others.
    if (flight.length >= (isFull ? 2 * parallel : parallel)) return;
    send(dispatch, lane);
  }
}

/** Rows have left the lane. */
export function left<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>, rows: number): void {
  dispatch.queuedRows -= rows;
  if (lane.length === 0) dispatch.waiting.delete(lane);
}

function send<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>): void {
  const { runner, clock, flight, parallel } = dispatch;
  const nowMs = clock.now();
  const isAhead = flight.length >= parallel;
  const waitMs = isAhead ? flightMs(flight, nowMs) / parallel : 0;
  const { batch, late, predictedMs } = formBatch(lane, { nowMs, waitMs });
  left(dispatch, lane, late.length + (batch?.tickets.length ?? 0));
  if (late.length > 0) {
    const error = cannotMakeIt(predictedMs);
    for (const ticket of late) runner.refuse(ticket, error);
  }
  if (batch === undefined) return;
  tellWaits(dispatch.meter, batch);
  if (!isAhead) batch.startedMs = nowMs;
  flight.push(batch);
  dispatch.usual = lane;
  runner.run(batch).then(
    (deliver) => {
      ended(dispatch, batch, true);
      deliver();
    },
    (error: unknown) => {
      ended(dispatch, batch, false);
      runner.fail(batch, error);
    },
  );
}

/** The engine comes first: its next batch leaves before anyone looks at the outputs of this one. */
function ended<Owner>(dispatch: Dispatch<Owner>, batch: Batch<Owner>, succeeded: boolean): void {
  const { flight, clock, meter } = dispatch;
  const nowMs = clock.now();
  flight.splice(flight.indexOf(batch), 1);
  const startedMs = batch.startedMs ?? nowMs;
  if (batch.startedMs !== undefined) startNext(flight, nowMs);
  if (succeeded) {
    const run = { rows: batch.tickets.length, ms: nowMs - startedMs };
    meter.ran(run.rows, run.ms);
    study(batch.lane, run);
  }
  pump(dispatch);
}

function startNext(flight: readonly Batch<unknown>[], nowMs: number): void {
  const next = flight.find((batch) => batch.startedMs === undefined);
  if (next !== undefined) next.startedMs = nowMs;
}

function study(lane: Lane<unknown>, run: Run): void {
  if (lane.runs++ === 0) scaleTo(lane.runTime, run);
  else learn(lane.runTime, run, lane.maxBatch);
}

/** Rows that arrived together are told together. */
function tellWaits(meter: Meter, batch: Batch<unknown>): void {
  let rows = 0;
  let arrivedMs = batch.tickets[0]!.arrivedMs;
  for (const ticket of batch.tickets) {
    if (ticket.arrivedMs !== arrivedMs) {
      meter.queued(batch.formedMs - arrivedMs, rows);
      arrivedMs = ticket.arrivedMs;
      rows = 0;
    }
    rows++;
  }
  meter.queued(batch.formedMs - arrivedMs, rows);
}

import type { ServingError } from "../../proto/serving-error.ts";
import { type Batch, formBatch, nextLane } from "./batch.ts";
import type { Clock } from "../clock.ts";
import type { EngineSession } from "../engine.ts";
import type { Lane, Ticket } from "./lane.ts";
import type { Lanes } from "./lanes.ts";
import type { Meter } from "../meter.ts";
import { cannotMakeIt } from "../refusals.ts";
import { learn, predictMs, type Run, scaleTo } from "./run-time.ts";
import { type Round, unqueued } from "./turns.ts";
import { freeFirst } from "../session-runs.ts";

/**
 * What a batch sent ahead saves is the fraction of a millisecond between two runs. It costs whoever comes next the time
 * of one more run, so only short ones go ahead.
 */
const longestAheadMs = 20;

/** What the batcher asks of its owner. */
export interface BatchRunner<Owner> {
  /** Of the engine. A batch goes to the one that is free first. */
  readonly sessions: () => readonly EngineSession[];
  /** Resolves when the engine is done. */
  readonly run: (batch: Batch<Owner>) => Promise<RunEnd>;
  /** `run` rejected. */
  readonly fail: (batch: Batch<Owner>, error: unknown) => void;
  /** Instead of running it. */
  readonly refuse: (ticket: Ticket<Owner>, error: ServingError) => void;
}

export interface RunEnd {
  /** What it took its session. */
  readonly runMs: number;
  /** Called when the engine has its next batch. */
  readonly deliver: () => void;
}

/** What waits, what runs, and how it may go from one to the other. */
export interface Dispatch<Owner> extends Round {
  readonly runner: BatchRunner<Owner>;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Lanes with rows. */
  readonly waiting: Set<Lane<Owner>>;
  readonly lanes: Lanes<Owner>;
  /** Batches that were sent and have not ended. */
  inFlight: number;
  queuedRows: number;
}

/** Sends what may be sent. */
export function pump<Owner>(dispatch: Dispatch<Owner>): void {
  for (;;) {
    // Ahead goes only the lane whose turn it is, or full lanes would starve the others.
    const lane = nextLane(dispatch.waiting);
    if (lane === undefined) return;
    const waitMs = engineWaitMs(dispatch, lane);
    if (waitMs === undefined) return;
    send(dispatch, lane, waitMs);
  }
}

/** How long a batch of this lane would wait inside the engine; undefined when it had better wait outside. */
function engineWaitMs<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>): number | undefined {
  const nowMs = dispatch.clock.now();
  const session = freeFirst(dispatch.runner.sessions(), nowMs);
  // An engine without sessions says at once why it has none.
  if (session === undefined || session.runs === 0) return 0;
  const goesAhead = lane.length >= lane.maxBatch && isShort(lane);
  // Waiting outside ends with a batch of our own; what keeps the sessions busy may be somebody else's.
  const mayGoAhead = dispatch.inFlight === 0 || (goesAhead && session.runs === 1);
  return mayGoAhead ? session.leftMs(nowMs) : undefined;
}

function isShort({ runTime, maxBatch }: Lane<unknown>): boolean {
  return predictMs(runTime, maxBatch) <= longestAheadMs;
}

/** Rows have left the lane. */
export function left<Owner>(
  dispatch: Dispatch<Owner>,
  lane: Lane<Owner>,
  tickets: readonly Ticket<Owner>[],
): void {
  dispatch.queuedRows -= tickets.length;
  for (const { turns } of tickets) unqueued(dispatch, turns);
  if (lane.length === 0) dispatch.waiting.delete(lane);
}

function send<Owner>(dispatch: Dispatch<Owner>, lane: Lane<Owner>, waitMs: number): void {
  const { runner, clock } = dispatch;
  const { batch, late, predictedMs } = formBatch(lane, { nowMs: clock.now(), waitMs });
  left(dispatch, lane, late);
  if (late.length > 0) {
    const error = cannotMakeIt(predictedMs);
    for (const ticket of late) runner.refuse(ticket, error);
  }
  if (batch === undefined) return;
  left(dispatch, lane, batch.tickets);
  dispatch.turn = Math.max(dispatch.turn, batch.tickets.at(-1)!.turn);
  tellWaits(dispatch.meter, batch);
  dispatch.inFlight++;
  // The engine comes first: its next batch leaves before anyone looks at the outputs of this one.
  runner.run(batch).then(
    ({ runMs, deliver }) => {
      study(dispatch, lane, { rows: batch.tickets.length, ms: runMs });
      ended(dispatch);
      deliver();
    },
    (error: unknown) => {
      ended(dispatch);
      runner.fail(batch, error);
    },
  );
}

function ended<Owner>(dispatch: Dispatch<Owner>): void {
  dispatch.inFlight--;
  pump(dispatch);
}

function study<Owner>({ meter, lanes }: Dispatch<Owner>, lane: Lane<Owner>, run: Run): void {
  meter.ran(run.rows, run.ms);
  const isFirst = lane.runs++ === 0;
  // A line that refused everything and was too high is not worth refining. A slow run proves no more than any other.
  const isRefuted = lane.isDoubted && run.ms < predictMs(lane.runTime, run.rows);
  lane.isDoubted = false;
  if (isFirst || isRefuted) scaleTo(lane.runTime, run);
  else learn(lane.runTime, run, lane.maxBatch);
  lanes.ran(lane, run.rows);
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

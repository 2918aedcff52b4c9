import { type Lane, type Ticket, unlink } from "./lane.ts";
import { predictMs } from "./run-time.ts";

/** What each refusal leaves of a prediction. */
const trust = 0.9;

/** Rows of one lane that run together. */
export interface Batch<Owner> {
  readonly lane: Lane<Owner>;
  readonly tickets: readonly Ticket<Owner>[];
  readonly formedMs: number;
  /** What its run should take. */
  readonly expectedMs: number;
}

/** The lane whose first row has the earliest turn and, of those, has waited longest, so that none starves. */
export function nextLane<Owner>(waiting: Iterable<Lane<Owner>>): Lane<Owner> | undefined {
  let next: Lane<Owner> | undefined;
  for (const lane of waiting)
    if (next === undefined || comesBefore(lane.first!, next.first!)) next = lane;
  return next;
}

function comesBefore(one: Ticket<unknown>, other: Ticket<unknown>): boolean {
  return one.turn === other.turn ? one.arrivedMs < other.arrivedMs : one.turn < other.turn;
}

/** The row whose turn comes last of all; of equals, the one given. */
export function lastInTurn<Owner>(
  waiting: Iterable<Lane<Owner>>,
  ticket: Ticket<Owner>,
): Ticket<Owner> {
  let last = ticket;
  for (const lane of waiting) if (lane.last!.turn > last.turn) last = lane.last!;
  return last;
}

export interface Formed<Owner> {
  /** Undefined when nothing that waited can make it. */
  readonly batch: Batch<Owner> | undefined;
  /** Out of the queue as well: their answers would come too late. */
  readonly late: readonly Ticket<Owner>[];
  readonly predictedMs: number;
}

export interface Start {
  readonly nowMs: number;
  /** Predicted wait inside the engine. */
  readonly waitMs: number;
}

/** Takes what waits, in turn, up to the lane's largest batch. */
export function formBatch<Owner>(lane: Lane<Owner>, { nowMs, waitMs }: Start): Formed<Owner> {
  const runMs = predictMs(lane.runTime, Math.min(lane.length, lane.maxBatch));
  // Only runs correct a prediction, so one that refuses them all counts for less each time.
  const predictedMs = (waitMs + runMs) * trust ** lane.refusals;
  const tickets: Ticket<Owner>[] = [];
  const late: Ticket<Owner>[] = [];
  while (lane.first !== undefined && tickets.length < lane.maxBatch) {
    const ticket = lane.first;
    unlink(lane, ticket);
    (ticket.dueMs < nowMs + predictedMs ? late : tickets).push(ticket);
  }
  noteRefusals(lane, tickets.length === 0);
  if (tickets.length === 0) return { batch: undefined, late, predictedMs };
  const expectedMs = predictMs(lane.runTime, tickets.length);
  return { batch: { lane, tickets, formedMs: nowMs, expectedMs }, late, predictedMs };
}

function noteRefusals(lane: Lane<unknown>, refusedAll: boolean): void {
  if (!refusedAll && lane.refusals > 0) lane.isDoubted = true;
  lane.refusals = refusedAll ? lane.refusals + 1 : 0;
}

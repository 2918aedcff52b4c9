import type { Row } from "../../models/family.ts";
import type { RunTime } from "./run-time.ts";
import type { Turns } from "./turns.ts";

/** One row that waits for its run. `owner` and `index` say whose it is. */
export interface Ticket<Owner> {
  readonly owner: Owner;
  readonly index: number;
  readonly row: Row;
  readonly arrivedMs: number;
  /** When its answer must leave. */
  readonly dueMs: number;
  /** Of all the rows of one call, from `Batcher.enter`. */
  readonly turns: Turns;
  /** The batcher's, as the links are. */
  turn: number;
  /** The links are the batcher's; `lane` is set while the ticket waits. */
  lane: Lane<Owner> | undefined;
  before: Ticket<Owner> | undefined;
  after: Ticket<Owner> | undefined;
}

/** Rows that may share a batch, by turn and then in order of arrival: a linked list, since any of them may leave at any time. */
export interface Lane<Owner> {
  readonly key: string;
  readonly maxBatch: number;
  readonly runTime: RunTime;
  /** Runs that `runTime` has learned from. */
  runs: number;
  /** Of late. */
  ranRows: number;
  /** Times that nothing in the lane could make it, since its last batch. */
  refusals: number;
  /** `runTime` has refused everything, and no run has put it to the test since. */
  isDoubted: boolean;
  length: number;
  first: Ticket<Owner> | undefined;
  last: Ticket<Owner> | undefined;
  /** The last that was added, while it waits: the next one's place is mostly near. */
  latest: Ticket<Owner> | undefined;
}

/** Puts the ticket behind all whose turn is not later than its own. */
export function insert<Owner>(lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  let before = lane.latest ?? lane.last;
  while (before !== undefined && before.turn > ticket.turn) before = before.before;
  let after = before === undefined ? lane.first : before.after;
  while (after !== undefined && after.turn <= ticket.turn) {
    before = after;
    after = after.after;
  }
  ticket.lane = lane;
  ticket.before = before;
  ticket.after = after;
  if (before === undefined) lane.first = ticket;
  else before.after = ticket;
  if (after === undefined) lane.last = ticket;
  else after.before = ticket;
  lane.latest = ticket;
  lane.length++;
}

export function unlink<Owner>(lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  if (ticket.before === undefined) lane.first = ticket.after;
  else ticket.before.after = ticket.after;
  if (ticket.after === undefined) lane.last = ticket.before;
  else ticket.after.before = ticket.before;
  if (lane.latest === ticket) lane.latest = ticket.before ?? ticket.after;
  ticket.lane = undefined;
  ticket.before = undefined;
  ticket.after = undefined;
  lane.length--;
}

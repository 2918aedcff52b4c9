import type { Row } from "../../models/family.ts";
import type { RunTime } from "./run-time.ts";

/** One row that waits for its run. `owner` and `index` say whose it is. */
export interface Ticket<Owner> {
  readonly owner: Owner;
  readonly index: number;
  readonly row: Row;
  readonly arrivedMs: number;
  /** When its answer must leave. */
  readonly dueMs: number;
  /** The links are the batcher's; `lane` is set while the ticket waits. */
  lane: Lane<Owner> | undefined;
  before: Ticket<Owner> | undefined;
  after: Ticket<Owner> | undefined;
}

/** Rows that may share a batch, in order of arrival: a linked list, since any of them may leave at any time. */
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
}

export function append<Owner>(lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  ticket.lane = lane;
  ticket.before = lane.last;
  if (lane.last === undefined) lane.first = ticket;
  else lane.last.after = ticket;
  lane.last = ticket;
  lane.length++;
}

export function unlink<Owner>(lane: Lane<Owner>, ticket: Ticket<Owner>): void {
  if (ticket.before === undefined) lane.first = ticket.after;
  else ticket.before.after = ticket.after;
  if (ticket.after === undefined) lane.last = ticket.before;
  else ticket.after.before = ticket.before;
  ticket.lane = undefined;
  ticket.before = undefined;
  ticket.after = undefined;
  lane.length--;
}

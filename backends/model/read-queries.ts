import type { Family, Row } from "../../models/family.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Query } from "../backend.ts";
import type { Batcher } from "../batching/batcher.ts";
import type { Clock } from "../clock.ts";
import { misdirected } from "../identity.ts";
import type { PendingCalls } from "../pending/pending.ts";
import type { Replier } from "./replier.ts";
import type { PendingRow, PendingRows } from "./run-batch.ts";

/**
 * What is read of a large call before everything else gets its turn, about half a millisecond of work: the engine
 * runs the rows of one slice while the next is read, and other calls are not held up.
 */
const sliceBytes = 64 * 1024;
/** What a row costs besides its bytes, in bytes. */
const bytesPerRow = 64;

export interface ReadQueriesOptions {
  readonly model: string;
  readonly version: string;
  readonly family: Family;
  readonly calls: PendingCalls<PendingRow>;
  readonly batcher: Batcher<PendingRows>;
  readonly replier: Replier;
  readonly clock: Clock;
}

/** @returns Reads the queries of one call, answers those that need no run and queues the others. */
export function createQueryReading(options: ReadQueriesOptions): (call: PendingRows) => void {
  const { calls, batcher, replier, clock } = options;

  function take(call: PendingRows, index: number): void {
    // Due or cancelled before its turn came.
    if (call.answers[index] !== undefined) return;
    const row = readQuery(call.queries[index]!, options);
    if (row instanceof ServingError) calls.settle(call, index, row);
    else if (!row.needsRun) calls.settle(call, index, replier.reply(row));
    else batcher.add(ticketFor({ call, index, row, dueMs: calls.dueMs(call, index) }));
  }

  function readFrom(call: PendingRows, start: number): void {
    let bytes = 0;
    let next = start;
    while (next < call.queries.length && bytes < sliceBytes) {
      bytes += call.queries[next]!.bytes.length + bytesPerRow;
      take(call, next++);
    }
    replier.tell();
    if (next < call.queries.length) void clock.turn().then(() => readFrom(call, next));
  }

  return (call) => readFrom(call, 0);
}

function readQuery(
  query: Query,
  { model, version, family }: ReadQueriesOptions,
): Row | ServingError {
  try {
    return misdirected(query, model, version) ?? family.read(query.bytes);
  } catch (error) {
    return ServingError.from(error);
  }
}

interface TakenRow {
  readonly call: PendingRows;
  readonly index: number;
  readonly row: Row;
  readonly dueMs: number;
}

function ticketFor({ call, index, row, dueMs }: TakenRow): PendingRow {
  const ticket: PendingRow = {
    owner: call,
    index,
    row,
    arrivedMs: call.arrivedMs,
    dueMs,
    lane: undefined,
    before: undefined,
    after: undefined,
  };
  call.work[index] = ticket;
  return ticket;
}

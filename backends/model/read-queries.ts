import type { Family, Row } from "../../models/family.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Query } from "../backend.ts";
import type { Batcher } from "../batching/batcher.ts";
import type { Turns } from "../batching/turns.ts";
import type { Clock } from "../clock.ts";
import { inSlices } from "./in-slices.ts";
import { misdirected } from "../identity.ts";
import type { PendingCalls } from "../pending/pending.ts";
import { bytesOf, type Replier } from "./replier.ts";
import type { PendingRow, PendingRows } from "./run-batch.ts";

export interface ReadQueriesOptions {
  readonly model: string;
  readonly version: string;
  readonly family: Family;
  readonly calls: PendingCalls<PendingRow>;
  readonly batcher: Batcher<PendingRows>;
  readonly replier: Replier;
  readonly clock: Clock;
}

/**
 * @returns Reads the queries of one call, answers those that need no run and queues the others. A large call takes
 * several turns: the engine runs the rows of one slice while the next is read, and other calls are not held up.
 */
export function createQueryReading(options: ReadQueriesOptions): (call: PendingRows) => void {
  const { calls, batcher, replier, clock } = options;

  function take(call: PendingRows, index: number, turns: Turns): number {
    // Due or cancelled before its turn came.
    if (call.answers[index] !== undefined) return 0;
    const query = call.queries[index]!;
    const row = readQuery(query, options);
    const size = query.bytes.length + readingBytes(row);
    if (!(row instanceof ServingError) && row.needsRun) {
      batcher.add(ticketFor({ call, index, row, dueMs: calls.dueMs(call, index), turns }));
      return size;
    }
    const answer = row instanceof ServingError ? row : replier.reply(row);
    calls.settle(call, index, answer);
    return size + bytesOf(answer);
  }

  return (call) => {
    const { length: count } = call.queries;
    const turns = batcher.enter();
    const work = {
      count,
      do: (index: number) => take(call, index, turns),
      paused: () => replier.tell(),
    };
    inSlices(work, clock);
  };
}

function readingBytes(row: Row | ServingError): number {
  return row instanceof ServingError ? 0 : (row.readingBytes ?? 0);
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
  readonly turns: Turns;
}

function ticketFor({ call, index, row, dueMs, turns }: TakenRow): PendingRow {
  const ticket: PendingRow = {
    owner: call,
    index,
    row,
    arrivedMs: call.arrivedMs,
    dueMs,
    turns,
    turn: 0,
    lane: undefined,
    before: undefined,
    after: undefined,
  };
  call.work[index] = ticket;
  return ticket;
}

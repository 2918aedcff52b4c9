import { openConnections, type Connection } from "../../../router/store/redis/connect.ts";
import { formatStoreAddress } from "../../../router/store/store-address.ts";
import { parseLine } from "../event-line.ts";
import type { RecordedEvent } from "../feedback-event.ts";
import type { FeedbackSource, ReadOptions } from "../feedback-sink.ts";
import { streamError } from "./stream-error.ts";
import { lineField, standardKey, type StreamPlace } from "./stream-settings.ts";

type Entry = readonly [id: string, fields: readonly string[]];

const pageEntries = 500;
const timeoutMs = 5_000;
/** The clocks of routers and of Redis differ, and an event is received before it is added. */
const slackMs = 600_000;

export async function openStreamSource(place: StreamPlace): Promise<FeedbackSource> {
  const { connection } = await openConnections({ ...place, timeoutMs });
  return {
    name: formatStoreAddress(place.address),
    read: (options) => told(place, readForward(connection, place, options)),
    [Symbol.asyncDispose]: async () => connection.close(),
  };
}

/** Newest first. */
export function recallStream(
  connection: Connection,
  place: StreamPlace,
  sinceMs: number,
): AsyncIterable<RecordedEvent> {
  return told(place, readBackward(connection, place, sinceMs));
}

async function* told(
  place: StreamPlace,
  events: AsyncGenerator<RecordedEvent>,
): AsyncGenerator<RecordedEvent> {
  try {
    yield* events;
  } catch (error) {
    throw streamError(error, place);
  }
}

/** What is there when it begins; what comes meanwhile is left for the next time. */
async function* readForward(
  connection: Connection,
  { key = standardKey }: StreamPlace,
  { sinceMs, onProgress, onBad }: ReadOptions,
): AsyncGenerator<RecordedEvent> {
  const [newest] = (await connection.send("xrevrange", [key, "+", "-", "COUNT", 1])) as Entry[];
  if (newest === undefined) return;
  const startMs = Math.max(0, sinceMs - slackMs);
  const share = shareOf(await firstMs(connection, key, startMs), timeOf(newest));
  let start = String(startMs);
  for (;;) {
    const args = [key, start, newest[0], "COUNT", pageEntries];
    const page = (await connection.send("xrange", args)) as Entry[];
    for (const entry of page) {
      const event = eventOf(entry);
      if (event === undefined) onBad?.(`entry ${entry[0]}`);
      else if (event.receivedMs >= sinceMs) yield event;
    }
    if (page.length < pageEntries) break;
    onProgress?.(share(timeOf(page.at(-1)!)));
    start = `(${page.at(-1)![0]}`;
  }
  onProgress?.(1);
}

async function* readBackward(
  connection: Connection,
  { key = standardKey }: StreamPlace,
  sinceMs: number,
): AsyncGenerator<RecordedEvent> {
  let end = "+";
  for (;;) {
    const args = [key, end, String(Math.max(0, sinceMs - slackMs)), "COUNT", pageEntries];
    const page = (await connection.send("xrevrange", args)) as Entry[];
    for (const entry of page) {
      const event = eventOf(entry);
      if (event !== undefined && event.receivedMs >= sinceMs) yield event;
    }
    if (page.length < pageEntries) return;
    end = `(${page.at(-1)![0]}`;
  }
}

async function firstMs(connection: Connection, key: string, startMs: number): Promise<number> {
  const args = [key, String(startMs), "+", "COUNT", 1];
  const [first] = (await connection.send("xrange", args)) as Entry[];
  return first === undefined ? startMs : timeOf(first);
}

function shareOf(fromMs: number, toMs: number): (timeMs: number) => number {
  return (timeMs) => Math.min(1, (timeMs - fromMs) / Math.max(1, toMs - fromMs));
}

function timeOf([id]: Entry): number {
  return Number.parseInt(id, 10);
}

/** Undefined for what somebody else put there. */
function eventOf([, fields]: Entry): RecordedEvent | undefined {
  const [name, line] = fields;
  return name === lineField && line !== undefined ? parseLine(line) : undefined;
}

import { basename } from "node:path";
import { parseLine } from "../event-line.ts";
import type { RecordedEvent } from "../feedback-event.ts";
import type { FeedbackSource, ReadOptions } from "../feedback-sink.ts";
import { linesOf, listSpool, type SpoolEntry } from "./spool-folder.ts";

/** All files of a folder, whoever writes them, also while they are written. */
export function openSpoolSource(dir: string): FeedbackSource {
  return {
    name: dir,
    async *read(options) {
      const entries = await listSpool(dir);
      const wanted = entries.filter(({ modifiedMs }) => modifiedMs >= options.sinceMs);
      yield* merge(wanted, options);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A file that is being read: where it is, and what comes next. */
interface Reading {
  readonly events: AsyncGenerator<RecordedEvent>;
  next: RecordedEvent;
}

/**
 * Files of one process follow each other, and those of several overlap: a file is opened when the merge has come to its
 * time, so that as many are open as processes wrote at once.
 */
async function* merge(
  files: readonly SpoolEntry[],
  options: ReadOptions,
): AsyncGenerator<RecordedEvent> {
  const tell = createProgress(files, options.onProgress);
  const waiting = [...files];
  const open: Reading[] = [];
  try {
    while (waiting.length > 0 || open.length > 0) {
      const first = earliest(open);
      const [file] = waiting;
      if (file !== undefined && (first === undefined || file.firstMs <= first.next.receivedMs)) {
        waiting.shift();
        await start(open, eventsOf(file, { ...options, tell }));
      } else if (first !== undefined) {
        yield first.next;
        await advance(open, first);
      }
    }
  } finally {
    for (const { events } of open) await events.return(undefined);
  }
}

async function start(open: Reading[], events: AsyncGenerator<RecordedEvent>): Promise<void> {
  const { done, value } = await events.next();
  if (done !== true) open.push({ events, next: value });
}

async function advance(open: Reading[], reading: Reading): Promise<void> {
  const { done, value } = await reading.events.next();
  if (done === true) open.splice(open.indexOf(reading), 1);
  else reading.next = value;
}

function earliest(open: readonly Reading[]): Reading | undefined {
  let first = open[0];
  for (const one of open) if (one.next.receivedMs < first!.next.receivedMs) first = one;
  return first;
}

interface FileOptions extends ReadOptions {
  readonly tell: (bytes: number) => void;
}

async function* eventsOf(
  file: SpoolEntry,
  { sinceMs, onBad, tell }: FileOptions,
): AsyncGenerator<RecordedEvent> {
  let toldBytes = 0;
  for await (const { text, number, bytes } of linesOf(file, { synced: false })) {
    tell(bytes - toldBytes);
    toldBytes = bytes;
    const event = text === undefined ? undefined : parseLine(text);
    if (event === undefined) onBad?.(`${basename(file.path)}:${number}`);
    else if (event.receivedMs >= sinceMs) yield event;
  }
}

function createProgress(
  files: readonly SpoolEntry[],
  onProgress: ReadOptions["onProgress"],
): (bytes: number) => void {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  return (bytes) => onProgress?.(Math.min(1, (done += bytes) / total));
}

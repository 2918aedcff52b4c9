import type { RecordedEvent } from "../feedback-event.ts";
import { parseLine } from "../event-line.ts";
import { brokenSink } from "../sink-failure.ts";
import { linesOf, listSpool } from "./spool-folder.ts";

/** The newest file first; inside a file as it is. A line that a killed process never synced is synced before it is told of. */
export async function* recallSpool(dir: string, sinceMs: number): AsyncGenerator<RecordedEvent> {
  try {
    yield* recall(dir, sinceMs);
  } catch (error) {
    throw brokenSink(error);
  }
}

async function* recall(dir: string, sinceMs: number): AsyncGenerator<RecordedEvent> {
  const entries = await listSpool(dir);
  for (const file of entries.toReversed()) {
    if (file.modifiedMs < sinceMs) continue;
    for await (const { text } of linesOf(file, { synced: true })) {
      const event = text === undefined ? undefined : parseLine(text);
      if (event !== undefined && event.receivedMs >= sinceMs) yield event;
    }
  }
}

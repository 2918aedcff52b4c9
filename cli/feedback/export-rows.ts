import type { RecordedEvent } from "../../server/feedback/feedback-event.ts";
import { eventKeyOf } from "../../server/feedback/event-key.ts";
import { repeatWindowMs } from "../../server/feedback/feedback-event.ts";
import type { FeedbackSource } from "../../server/feedback/feedback-sink.ts";
import { createRecentIds } from "../../server/feedback/recent-ids.ts";

export interface ExportOptions {
  /** Of events, by when they happened: from the one, up to and without the other. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** For the ids of 24 hours; when they are more, repeats further apart stay. */
  readonly memoryBytes: number;
  /** Takes lines, with their ends. */
  readonly write: (lines: string) => Promise<void>;
  readonly onProgress?: (share: number) => void;
}

export interface ExportSummary {
  readonly rows: number;
  readonly repeats: number;
  /** Happened before or after. */
  readonly outside: number;
  /** Lines that are no events: how many, and where the first one is. */
  readonly bad: number;
  readonly firstBad: string | undefined;
  /** Ids that memory did not hold for 24 hours. */
  readonly forgotten: number;
}

const bytesPerId = 40;
/** Callers' clocks may be ahead by so much. */
const aheadMs = 600_000;
const chunkChars = 2 ** 16;

/** Training rows in the order in which their events came, each event id of a user once within 24 hours. */
export async function exportRows(
  source: FeedbackSource,
  options: ExportOptions,
): Promise<ExportSummary> {
  const { sinceMs, untilMs, write, onProgress } = options;
  const maxIds = Math.max(1, Math.floor(options.memoryBytes / bytesPerId));
  const ids = createRecentIds({ windowMs: repeatWindowMs, maxIds });
  const counts = { rows: 0, repeats: 0, outside: 0, bad: 0 };
  let firstBad: string | undefined;
  const onBad = (place: string) => {
    firstBad ??= place;
    counts.bad += 1;
  };
  let chunk = "";
  const events = source.read({
    sinceMs: sinceMs - aheadMs,
    onBad,
    ...(onProgress && { onProgress }),
  });
  for await (const event of events) {
    const { receivedMs, timeMs } = event;
    const key = eventKeyOf(event);
    if (ids.has(key, receivedMs)) {
      counts.repeats += 1;
      continue;
    }
    ids.add(key, receivedMs);
    if (timeMs < sinceMs || timeMs >= untilMs) counts.outside += 1;
    else {
      counts.rows += 1;
      chunk += rowOf(event);
    }
    if (chunk.length < chunkChars) continue;
    await write(chunk);
    chunk = "";
  }
  await write(chunk);
  return { ...counts, firstBad, forgotten: ids.forgottenEarly() };
}

/** As `crossfade train two-tower --feedback` reads it. */
function rowOf({ user, liked, others, timeMs, eventId }: RecordedEvent): string {
  const time = new Date(timeMs).toISOString();
  return `${JSON.stringify({ user, liked, others, time, event_id: eventId })}\n`;
}

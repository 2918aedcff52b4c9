import { settlesWithin } from "../settles-within.ts";
import { eventKeyOf } from "./event-key.ts";
import type { FeedbackEvent } from "./feedback-event.ts";
import { repeatWindowMs } from "./feedback-event.ts";
import type { FeedbackMeter } from "./feedback-meter.ts";
import type { FeedbackSink } from "./feedback-sink.ts";
import { createRecentIds } from "./recent-ids.ts";

/** Keeps events in a sink, each event id of a user once within 24 hours. */
export interface Recorder {
  /** Rejects as the sink does. A repeat of what is still being kept shares its fate. */
  record(event: FeedbackEvent): Promise<"accepted" | "repeated">;
  /** Closes the sink too. Idempotent. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  /**
   * Of how many events the ids are remembered, newest first: 32 to 40 MB for the default of a million. A repeat of one that
   * is forgotten, or that another process took, is kept again, and dropped when feedback is read.
   */
  readonly maxIds?: number;
  /**
   * So long after the start, events wait until it is known what was kept before; a day of it may take minutes to read, and
   * repeats are kept again meanwhile. Default 1,000.
   */
  readonly recallMs?: number;
  readonly meter?: FeedbackMeter;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** More than that go on at once. */
const maxWaiting = 1_000;

export function createRecorder(sink: FeedbackSink, options: RecorderOptions = {}): Recorder {
  const { maxIds = 1_000_000, recallMs = 1_000, meter, now = Date.now } = options;
  const ids = createRecentIds({ windowMs: repeatWindowMs, maxIds });
  /** By event key. */
  const underWay = new Map<string, Promise<void>>();
  let remembering: Promise<void> | undefined;
  let isClosed = false;
  let waiting = 0;

  /** What earlier processes and others have kept; tried again by the next event when it fails. */
  async function remember(): Promise<void> {
    try {
      for await (const event of sink.recall(now() - repeatWindowMs))
        if (isClosed || !ids.addOlder(eventKeyOf(event), event.receivedMs)) break;
    } catch {
      // Who appends hears what is wrong with the sink.
      remembering = undefined;
    }
  }

  remembering = remember();
  const recalled = settlesWithin(recallMs, remembering);

  async function recall(): Promise<void> {
    remembering ??= remember();
    if (waiting >= maxWaiting) return;
    waiting += 1;
    await recalled;
    waiting -= 1;
  }

  async function keep(event: FeedbackEvent): Promise<void> {
    const receivedMs = now();
    await sink.append({ ...event, receivedMs });
    ids.add(eventKeyOf(event), receivedMs);
    meter?.forgotten(ids.forgottenEarly());
  }

  return {
    async record(event) {
      const key = eventKeyOf(event);
      await recall();
      const same = underWay.get(key);
      if (same !== undefined || ids.has(key, now())) {
        await same;
        meter?.repeated();
        return "repeated";
      }
      const kept = keep(event);
      underWay.set(key, kept);
      try {
        await kept;
      } finally {
        underWay.delete(key);
      }
      meter?.accepted();
      return "accepted";
    },
    close() {
      isClosed = true;
      return sink.close();
    },
  };
}

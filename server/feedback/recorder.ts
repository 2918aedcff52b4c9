import type { FeedbackEvent } from "./feedback-event.ts";
import { repeatWindowMs } from "./feedback-event.ts";
import type { FeedbackMeter } from "./feedback-meter.ts";
import type { FeedbackSink } from "./feedback-sink.ts";
import { createRecentIds } from "./recent-ids.ts";

/** Keeps events in a sink, each event id once within 24 hours. */
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
  readonly meter?: FeedbackMeter;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export function createRecorder(sink: FeedbackSink, options: RecorderOptions = {}): Recorder {
  const { maxIds = 1_000_000, meter, now = Date.now } = options;
  const ids = createRecentIds({ windowMs: repeatWindowMs, maxIds });
  /** By event id. */
  const underWay = new Map<string, Promise<void>>();
  let remembering: Promise<void> | undefined;

  /** What earlier processes and others have kept; tried again by the next event when it fails. */
  async function remember(): Promise<void> {
    try {
      for await (const { eventId, receivedMs } of sink.recall(now() - repeatWindowMs))
        if (!ids.addOlder(eventId, receivedMs)) break;
    } catch (error) {
      remembering = undefined;
      throw error;
    }
  }

  async function keep(event: FeedbackEvent): Promise<void> {
    const receivedMs = now();
    await sink.append({ ...event, receivedMs });
    ids.add(event.eventId, receivedMs);
    meter?.forgotten(ids.forgottenEarly());
  }

  return {
    async record(event) {
      const { eventId } = event;
      await (remembering ??= remember());
      const same = underWay.get(eventId);
      if (same !== undefined || ids.has(eventId, now())) {
        await same;
        meter?.repeated();
        return "repeated";
      }
      const kept = keep(event);
      underWay.set(eventId, kept);
      try {
        await kept;
      } finally {
        underWay.delete(eventId);
      }
      meter?.accepted();
      return "accepted";
    },
    close: () => sink.close(),
  };
}

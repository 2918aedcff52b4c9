import type { RecordedEvent } from "./feedback-event.ts";

/**
 * Where feedback is kept. Failures are ServingErrors: RESOURCE_EXHAUSTED when it is full, UNAVAILABLE when it cannot be
 * written. An event that failed may be there all the same; sent again, it is there twice, and readers drop one of them.
 */
export interface FeedbackSink {
  /** For people; holds no secrets. */
  readonly name: string;
  /** Resolves when the event survives a crash of whatever keeps it. */
  append(event: RecordedEvent): Promise<void>;
  /** What came since, about newest first; other processes' events too. What it tells of survives a crash as well. */
  recall(sinceMs: number): AsyncIterable<Pick<RecordedEvent, "eventId" | "user" | "receivedMs">>;
  /** Keeps what was appended before. Idempotent. */
  close(): Promise<void>;
}

/** Where feedback was kept, for whoever wants all of it. */
export interface FeedbackSource extends AsyncDisposable {
  /** For people; holds no secrets. */
  readonly name: string;
  /** What came since, in order of when it came. */
  read(options: ReadOptions): AsyncIterable<RecordedEvent>;
}

export interface ReadOptions {
  readonly sinceMs: number;
  /** @param share Of all that is to be read, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Told of what is no event, and of where it is. */
  readonly onBad?: (place: string) => void;
}

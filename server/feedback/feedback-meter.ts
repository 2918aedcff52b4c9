import type { Code } from "../../proto/serving-error.ts";

/** What is told about feedback; `server/metrics` turns it into Prometheus series. No user or item ids. */
export interface FeedbackMeter {
  accepted(): void;
  /** Dropped, and answered as accepted. */
  repeated(): void;
  refused(code: Code): void;
  /** One group became durable. */
  synced(group: SyncedGroup): void;
  kept(kept: Kept): void;
  /** So many ids, in all, were forgotten before their time was over: memory for them is too small. */
  forgotten(ids: number): void;
}

export interface SyncedGroup {
  readonly events: number;
  readonly bytes: number;
  readonly tookMs: number;
}

export interface Kept {
  readonly sink: "spool" | "stream";
  readonly bytes: number;
  readonly maxBytes: number;
}

export const silentFeedbackMeter: FeedbackMeter = {
  accepted: () => {},
  repeated: () => {},
  refused: () => {},
  synced: () => {},
  kept: () => {},
  forgotten: () => {},
};

import type { Histogram } from "./histogram/histogram.ts";

/** What a run tells of itself twice a second, of all its workers together; for whoever watches. */
export interface RunProgress {
  /** Negative while warming up. */
  readonly elapsedMs: number;
  /** Of the schedule. */
  readonly leftMs: number;
  /** Since counting began. */
  readonly due: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly inFlight: number;
  /** By status name, but OK. */
  readonly codes: Readonly<Record<string, number>>;
  readonly arms: Readonly<Record<string, number>>;
  /** Of calls that ended OK since the last report. */
  readonly latency: Histogram;
  /** The largest since the last report. */
  readonly lagMs: number;
}

import type { Histogram } from "../../histogram/histogram.ts";
import type { Second, Share } from "../../run-result.ts";

/** What one worker found; parts of all workers of all generators are joined into a result. */
export interface RunPart {
  readonly counts: PartCounts;
  readonly latency: Histogram;
  readonly failure: Histogram;
  readonly service: Histogram;
  readonly lag: Histogram;
  readonly codes: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<string, string>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly arms: Readonly<Record<string, Share>>;
  readonly backends: Readonly<Record<string, Share>>;
  readonly seconds: readonly Second[];
  /** From the start of counting: when the last call left, and when the last that left was answered or failed. */
  readonly lastLeftMs: number;
  readonly lastEndedMs: number;
  readonly warmUp: WarmUp;
}

export interface PartCounts {
  readonly due: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly unfinished: number;
  readonly answers: number;
  readonly degraded: number;
  readonly shed: number;
  readonly lost: number;
  /** Never sent, since no stream was free before their deadline: counted as failed. */
  readonly missed: number;
  readonly waited: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface WarmUp {
  readonly sent: number;
  readonly ok: number;
  /** Of the first failure. */
  readonly message: string;
}

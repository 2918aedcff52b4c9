import { Code, type ServingError } from "../../../proto/serving-error.ts";
import { createHistogram } from "../../histogram/create-histogram.ts";
import type { Histogram } from "../../histogram/histogram.ts";
import type { Stream } from "../loop/streams.ts";
import { createCodes } from "./codes.ts";

/** Counts how calls end, and how long they took. */
export interface Outcomes {
  answered(call: Stream, bytes: number): void;
  /** @returns Whether that is a failure: a call that the plan cancels is none. */
  failed(call: Stream, error: ServingError): boolean;
  /** Failed so long after it was due, and was never sent. */
  missed(error: ServingError, afterMs: number): void;
  /** The latency is that of calls since the last glance. */
  glance(): Pick<OutcomeFigures, "codes" | "latency"> & {
    readonly ok: number;
    readonly failed: number;
  };
  figures(): OutcomeFigures;
}

export interface OutcomeFigures {
  readonly counts: {
    readonly ok: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly shed: number;
    readonly lost: number;
    readonly receivedBytes: number;
  };
  readonly latency: Histogram;
  readonly service: Histogram;
  readonly failure: Histogram;
  readonly codes: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<string, string>>;
  readonly lastEndedMs: number;
}

export function createOutcomes(): Outcomes {
  const latency = createHistogram();
  const recent = createHistogram();
  const service = createHistogram();
  const failure = createHistogram();
  const codes = createCodes();
  const counts = { ok: 0, failed: 0, cancelled: 0, shed: 0, lost: 0, receivedBytes: 0 };
  let lastEndedMs = 0;

  function missed(error: ServingError, afterMs: number): void {
    counts.failed++;
    if (error.code === Code.RESOURCE_EXHAUSTED) counts.shed++;
    if (error.isLost) counts.lost++;
    codes.count(error.code, error.message);
    failure.record(afterMs);
  }

  return {
    answered({ dueMs, leftMs, endedMs }, bytes) {
      counts.ok++;
      counts.receivedBytes += bytes;
      codes.count(Code.OK);
      latency.record(endedMs - dueMs);
      recent.record(endedMs - dueMs);
      service.record(endedMs - leftMs);
      lastEndedMs = endedMs;
    },
    failed(call, error) {
      lastEndedMs = call.endedMs;
      if (call.isCancelled && error.code === Code.CANCELLED) {
        counts.cancelled++;
        codes.count(error.code, error.message);
        return false;
      }
      missed(error, call.endedMs - call.dueMs);
      return true;
    },
    missed,
    glance() {
      const { ok, failed } = counts;
      const glance = { ok, failed, codes: codes.counts(), latency: recent.snapshot() };
      recent.clear();
      return glance;
    },
    figures: () => ({
      counts: { ...counts },
      latency: latency.snapshot(),
      service: service.snapshot(),
      failure: failure.snapshot(),
      codes: codes.counts(),
      messages: codes.messages(),
      lastEndedMs,
    }),
  };
}

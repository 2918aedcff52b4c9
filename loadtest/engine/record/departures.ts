import { createHistogram } from "../../histogram/create-histogram.ts";
import type { Histogram } from "../../histogram/histogram.ts";
import type { Stream } from "../loop/streams.ts";
import type { OpenSecond } from "./seconds.ts";

/** Counts calls as they leave, and how late. */
export interface Departures {
  left(call: Stream, bytes: number, second: OpenSecond): void;
  /** Its deadline passed before it could leave. */
  missed(second: OpenSecond): void;
  /** Due when the run was stopped. */
  unsent(second: OpenSecond): void;
  /** The lag is the largest since the last glance. */
  glance(): { readonly due: number; readonly sent: number; readonly lagMs: number };
  figures(): {
    readonly due: number;
    readonly sent: number;
    readonly missed: number;
    readonly waited: number;
    readonly sentBytes: number;
    readonly lastLeftMs: number;
    readonly lag: Histogram;
  };
}

/** @param isOpen Else calls are due when they leave, and are never late. */
export function createDepartures(isOpen: boolean): Departures {
  const lag = createHistogram();
  let sent = 0;
  let missed = 0;
  let unsent = 0;
  let waited = 0;
  let sentBytes = 0;
  let lastLeftMs = 0;
  let recentLagMs = 0;
  return {
    left({ dueMs, leftMs, freeMs }, bytes, second) {
      sent++;
      sentBytes += bytes;
      second.due++;
      lastLeftMs = leftMs;
      if (!isOpen) return;
      // What waited for the target to free a stream is the target's time, and in the latency; the rest is ours.
      const lagMs = leftMs - Math.max(dueMs, freeMs);
      if (freeMs > dueMs) waited++;
      lag.record(lagMs);
      if (lagMs > second.lagMs) second.lagMs = lagMs;
      if (lagMs > recentLagMs) recentLagMs = lagMs;
    },
    missed(second) {
      missed++;
      waited++;
      second.due++;
    },
    unsent(second) {
      unsent++;
      second.due++;
    },
    glance() {
      const lagMs = recentLagMs;
      recentLagMs = 0;
      return { due: sent + missed + unsent, sent, lagMs };
    },
    figures: () => ({
      due: sent + missed + unsent,
      sent,
      missed,
      waited,
      sentBytes,
      lastLeftMs,
      lag: lag.snapshot(),
    }),
  };
}

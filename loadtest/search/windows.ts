import { enoughSamples } from "../verdict/enough-samples.ts";
import type { Slo } from "../verdict/slo.ts";

/** An overload of 2% lets the backlog grow by 2% of the window: it must break the largest limit within it. */
const timesSlowest = 50;

export interface WindowOptions {
  readonly slo: Slo;
  readonly perSecond: number;
  readonly deadlineMs: number;
  readonly leastMs: number;
}

/** How long a window must be, for overload to show and for every percentile to have enough calls. */
export function windowMs({ slo, perSecond, deadlineMs, leastMs }: WindowOptions): number {
  let slowestMs = 0;
  let samples = 0;
  let lostShare = 0;
  for (const { of, limit } of slo.objectives) {
    if (of.kind !== "all" || limit.measure === "sustains") continue;
    if (limit.measure === "latency") {
      slowestMs = Math.max(slowestMs, limit.mostMs);
      samples = Math.max(samples, enoughSamples(limit.quantile));
    } else if (limit.measure !== "degraded") lostShare += limit.most;
  }
  // Where latency has no limit, what comes after the deadline is an error.
  const toBreakMs = Math.min(deadlineMs, slowestMs || deadlineMs);
  const calls = (1.1 * samples) / Math.max(0.1, 1 - lostShare);
  return Math.ceil(Math.max(leastMs, timesSlowest * toBreakMs, (1_000 * calls) / perSecond));
}

import { formatBytes, formatCount, formatMs, formatShare } from "../../display/figures.ts";
import { joinHistograms } from "../histogram/create-histogram.ts";
import type { Histogram } from "../histogram/histogram.ts";
import { enoughSamples } from "../verdict/enough-samples.ts";
import { percentileName } from "../verdict/slo.ts";
import type { Claim, Seen } from "./scenario.ts";

/* What several scenarios claim. */

export function noneFails({ result: { counts, messages } }: Seen): Claim {
  const why = Object.values(messages)[0] ?? "";
  return {
    says: "no call fails",
    holds: counts.ok + counts.failed === 0 ? "unknown" : counts.failed === 0,
    found: `${formatCount(counts.failed)} of ${formatCount(counts.due)}${counts.failed > 0 ? `: ${why}` : ""}`,
  };
}

export function noneDegraded({ result: { counts } }: Seen): Claim {
  return {
    says: "no answer is degraded",
    holds: counts.answers === 0 ? "unknown" : counts.degraded === 0,
    found: `${formatCount(counts.degraded)} of ${formatCount(counts.answers)}`,
  };
}

/** @param latency Of all calls, if nothing else is said. */
export function within(
  quantile: number,
  mostMs: number,
  { latency, of = "" }: { readonly latency: Histogram; readonly of?: string },
): Claim {
  const isEnough = latency.count >= enoughSamples(quantile);
  const found = latency.at(quantile);
  return {
    says: `${percentileName(quantile)}${of} at most ${formatMs(mostMs)}`,
    holds: isEnough ? found <= mostMs : "unknown",
    found: isEnough ? formatMs(found) : `${formatCount(latency.count)} calls are too few to say`,
  };
}

/** At most so many calls take longer; those that failed took for ever. */
export function fewOver(mostMs: number, most: number, { result }: Seen): Claim {
  const { counts, latency } = result;
  let over = counts.failed;
  for (const [ms, count] of latency.buckets()) if (ms > mostMs) over += count;
  const ended = counts.ok + counts.failed;
  return {
    says: `at most ${formatShare(most)} of the calls take over ${formatMs(mostMs)}`,
    holds: ended === 0 ? "unknown" : over <= most * ended,
    found: `${formatCount(over)} of ${formatCount(ended)}`,
  };
}

export function allDone({ done }: Seen): Claim {
  const failed = done.find(({ problem }) => problem !== undefined);
  return {
    says: "what was to be done was done",
    holds: failed === undefined,
    found: failed === undefined ? `${done.length} changes` : `${failed.name}: ${failed.problem}`,
  };
}

export function nothingInFlight({ after }: Seen): Claim {
  return {
    says: "no call is left in flight",
    holds: after.inFlight === 0,
    found: formatCount(after.inFlight),
  };
}

/** Garbage that waits for its collector is no leak. */
const allowedBytes = 96 * 2 ** 20;

export function memoryReturns({ before, after }: Seen): Claim {
  return {
    says: `memory is back to within ${formatBytes(allowedBytes)} of where it was`,
    holds: after.memoryBytes - before.memoryBytes <= allowedBytes,
    found: `${formatBytes(before.memoryBytes)}, then ${formatBytes(after.memoryBytes)}`,
  };
}

/** What the run's seconds from one time to another showed. */
export function between({ result }: Seen, fromMs: number, toMs: number) {
  const seconds = result.seconds.slice(Math.ceil(fromMs / 1_000), Math.floor(toMs / 1_000));
  const sum = (of: "due" | "ok" | "failed") => seconds.reduce((all, one) => all + one[of], 0);
  return {
    due: sum("due"),
    ok: sum("ok"),
    failed: sum("failed"),
    latency: joinHistograms(seconds.map(({ latency }) => latency)),
    arms: seconds.map(({ arms }) => arms),
  };
}

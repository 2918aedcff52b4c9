import type { Clock } from "../clock.ts";

/** What one server is seen to be busy with, and what the next call to it will therefore take. */
export interface Load {
  /** A call left. What it returns is told once how the call ended, of whose rows the answer tells nothing new. */
  started(rows: number): (hasAnswered: boolean) => void;
  /** Predicted wait + run. */
  predictMs(rows: number): number;
}

interface Average {
  ms: number;
  /** How many calls were in flight, on average, when those left of which this is the average. */
  inFlight: number;
  stampMs: number;
}

interface Sent {
  readonly startedMs: number;
  readonly rowClass: number;
  readonly inFlight: number;
}

/** A quarter of each new call: after five, three quarters of what is predicted is what these five took. */
const weight = 0.25;
/** What nobody has measured for this long counts for a third: a server that was slow is tried again. */
const forgetMs = 10_000;
/** Before the first answer. */
const unknownMs = 1;

/**
 * Predictions follow round trips, each class of sizes by itself, and grow at once with what is in flight beyond the usual
 * and with the age of the oldest call: a server that hangs is dear before it has failed anybody.
 */
export function createLoad(clock: Clock): Load {
  const averages: (Average | undefined)[] = [];
  const inFlight = new Set<Sent>();

  return {
    started(rows) {
      const rowClass = classOf(rows);
      const sent = { startedMs: clock.now(), rowClass, inFlight: inFlight.size };
      inFlight.add(sent);
      return (hasAnswered) => {
        if (inFlight.delete(sent)) averages[rowClass] = updated(averages, sent, hasAnswered);
      };
    },
    predictMs(rows) {
      const usual = averageFor(averages, classOf(rows));
      const nowMs = clock.now();
      const forgotten = Math.exp(-(nowMs - (usual?.stampMs ?? nowMs)) / forgetMs);
      const crowd = Math.max(1, (inFlight.size + 1) / ((usual?.inFlight ?? 0) + 1));
      return Math.max((usual?.ms ?? unknownMs) * forgotten, oldestAgeMs(nowMs)) * crowd;
    },
  };

  function updated(known: readonly (Average | undefined)[], sent: Sent, hasAnswered: boolean) {
    const before = known[sent.rowClass];
    const stampMs = clock.now();
    const ms = stampMs - sent.startedMs;
    // A failure says only that an answer would have taken longer. A quick one must not make a broken server look fast.
    if (!hasAnswered && ms <= (before?.ms ?? unknownMs)) return before;
    if (before === undefined) return { ms, inFlight: sent.inFlight, stampMs };
    return {
      ms: before.ms + weight * (ms - before.ms),
      inFlight: before.inFlight + weight * (sent.inFlight - before.inFlight),
      stampMs,
    };
  }

  function oldestAgeMs(nowMs: number): number {
    for (const { startedMs } of inFlight) return nowMs - startedMs;
    return 0;
  }
}

/** 1, 2-4, 5-16, 17-64, 65-256 and so on. */
export function classOf(rows: number): number {
  return Math.ceil(Math.log2(Math.max(1, rows)) / 2);
}

/** Never less for more rows: the dearest of the classes up to this one, else the nearest above. */
function averageFor(
  averages: readonly (Average | undefined)[],
  rowClass: number,
): Average | undefined {
  let dearest: Average | undefined;
  for (const average of averages.slice(0, rowClass + 1))
    if (average !== undefined && average.ms > (dearest?.ms ?? -1)) dearest = average;
  return dearest ?? averages.find((average) => average !== undefined);
}

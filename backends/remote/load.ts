import type { Clock } from "../clock.ts";

/** What one server is seen to be busy with, and what the next call to it will therefore take. */
export interface Load {
  /** A call left. What it returns is told once how the call ended, of whose rows the answer tells nothing new. */
  started(rows: number): (hasAnswered: boolean) => void;
  /** Predicted wait + run. */
  predictMs(rows: number): number;
}

interface Average {
  readonly ms: number;
  /** What it takes when nothing has to wait: about the least that was seen. */
  readonly runMs: number;
  /** How many calls were in flight, on average, when those left of which this is the average. */
  readonly inFlight: number;
  readonly stampMs: number;
}

interface Sent {
  readonly startedMs: number;
  readonly rowClass: number;
  readonly inFlight: number;
}

/** A quarter of each new call: after five, three quarters of what is predicted is what these five took. */
const weight = 0.25;
/** What nobody has measured for this long counts for a third: a server that was slow is tried again. */
const forgetMs = 5_000;
/** How quickly a least that is no longer seen is given up. */
const leastWeight = 0.01;
/** Averages say when half of the calls are answered; with this much more waiting, nearly all are. */
const waitMargin = 2;
/** Before the first answer. */
const unknownMs = 1;

/**
 * Predictions follow round trips, each class of sizes by itself. They grow at once with what is in flight beyond the
 * usual, with the age of the oldest call, and with a call that got nothing: a server that hangs is dear before it has
 * failed many. One answer, and that is forgotten.
 */
export function createLoad(clock: Clock): Load {
  const averages: (Average | undefined)[] = [];
  const inFlight = new Set<Sent>();
  let vain = { ms: 0, stampMs: 0 };

  function answered({ startedMs, rowClass, inFlight }: Sent): void {
    const stampMs = clock.now();
    const ms = stampMs - startedMs;
    const before = averages[rowClass] ?? { ms, inFlight, runMs: ms };
    averages[rowClass] = {
      ms: before.ms + weight * (ms - before.ms),
      runMs: Math.min(ms, before.runMs + leastWeight * (ms - before.runMs)),
      inFlight: before.inFlight + weight * (inFlight - before.inFlight),
      stampMs,
    };
    vain = { ms: 0, stampMs };
  }

  /** An answer would have taken longer; a quick failure must not make a broken server look fast. */
  function failed({ startedMs }: Sent): void {
    const stampMs = clock.now();
    vain = { ms: Math.max(stampMs - startedMs, remembered(vain, stampMs)), stampMs };
  }

  return {
    started(rows) {
      const rowClass = classOf(rows);
      const sent = { startedMs: clock.now(), rowClass, inFlight: inFlight.size };
      inFlight.add(sent);
      return (hasAnswered) => {
        if (!inFlight.delete(sent)) return;
        if (hasAnswered) answered(sent);
        else failed(sent);
      };
    },
    predictMs(rows) {
      const nowMs = clock.now();
      const usual = averageFor(averages, classOf(rows)) ?? {
        ms: unknownMs,
        runMs: unknownMs,
        inFlight: 0,
        stampMs: nowMs,
      };
      const crowd = Math.max(1, (inFlight.size + 1) / (usual.inFlight + 1));
      const stuckMs = crowd * Math.max(remembered(vain, nowMs), oldestMs(nowMs));
      const waitMs = Math.max(0, crowd * remembered(usual, nowMs) - usual.runMs);
      return Math.max(usual.runMs + waitMargin * waitMs, stuckMs);
    },
  };

  function oldestMs(nowMs: number): number {
    for (const { startedMs } of inFlight) return nowMs - startedMs;
    return 0;
  }
}

function remembered({ ms, stampMs }: Pick<Average, "ms" | "stampMs">, nowMs: number): number {
  return ms * Math.exp((stampMs - nowMs) / forgetMs);
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

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
const unmeasured: Average = { ms: 1, runMs: 1, inFlight: 0, stampMs: Infinity };

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
    const before = averages[rowClass] ?? { ms, runMs: ms, inFlight, stampMs };
    const beforeMs = remembered(before, stampMs);
    averages[rowClass] = {
      ms: beforeMs + weight * (ms - beforeMs),
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
      const usualMs = relevant(averages, classOf(rows)).map((one) => expectedMs(one, nowMs));
      return Math.max(remembered(vain, nowMs), oldestMs(nowMs), ...usualMs);
    },
  };

  function expectedMs(usual: Average, nowMs: number): number {
    const crowd = Math.max(1, (inFlight.size + 1) / (usual.inFlight + 1));
    const waitMs = Math.max(0, crowd * usual.ms - usual.runMs);
    const ms = usual.runMs + waitMargin * waitMs;
    return remembered({ ms, stampMs: usual.stampMs }, nowMs);
  }

  function oldestMs(nowMs: number): number {
    for (const { startedMs } of inFlight) return nowMs - startedMs;
    return 0;
  }
}

function remembered({ ms, stampMs }: Pick<Average, "ms" | "stampMs">, nowMs: number): number {
  return ms * Math.exp(Math.min(0, stampMs - nowMs) / forgetMs);
}

/** 1, 2-4, 5-16, 17-64, 65-256 and so on. */
export function classOf(rows: number): number {
  return Math.ceil(Math.log2(Math.max(1, rows)) / 2);
}

/** Of all classes up to this one, so that more rows never cost less; without any, of the nearest above. */
function relevant(
  averages: readonly (Average | undefined)[],
  rowClass: number,
): readonly Average[] {
  const known = averages.slice(0, rowClass + 1).filter((average) => average !== undefined);
  const nearest = averages.find((average) => average !== undefined) ?? unmeasured;
  return known.length > 0 ? known : [nearest];
}

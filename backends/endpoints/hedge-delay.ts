import { classOf } from "../remote/load.ts";

/** After how long without an answer another endpoint is asked as well. */
export interface HedgeDelay {
  answered(rows: number, ms: number): void;
  /** @param leftMs Until the earliest answer is due; `Infinity`: never. */
  delayMs(rows: number, leftMs: number): number;
  /** Whether `ms` is longer than nearly all answers took. */
  isLong(rows: number, ms: number): boolean;
}

interface Recent {
  readonly ms: Float64Array;
  count: number;
  p99: number;
}

const kept = 256;
const timesP99 = 3;
const leastMs = 20;
/** The second endpoint must have the larger part of what is left. */
const largestShare = 0.4;
/** A call that was given less than this proves nothing about its endpoint. */
const leastLongMs = 50;

export function createHedgeDelay(): HedgeDelay {
  const classes: Recent[] = [];
  const usualMs = (rows: number) => {
    const p99 = classes[classOf(rows)]?.p99;
    return p99 === undefined ? undefined : Math.max(timesP99 * p99, leastMs);
  };
  return {
    answered(rows, ms) {
      const recent = (classes[classOf(rows)] ??= { ms: new Float64Array(kept), count: 0, p99: ms });
      recent.ms[recent.count % kept] = ms;
      recent.count++;
      // Sorting 256 numbers for every call would cost more than the call's own bookkeeping.
      if (recent.count < 16 || recent.count % 16 === 0) recent.p99 = p99Of(recent);
    },
    delayMs: (rows, leftMs) => Math.min(usualMs(rows) ?? Infinity, largestShare * leftMs),
    isLong: (rows, ms) => ms >= Math.max(leastLongMs, usualMs(rows) ?? 0),
  };
}

function p99Of({ ms, count }: Recent): number {
  const sorted = ms.slice(0, Math.min(count, kept)).sort();
  return sorted[Math.floor(0.99 * (sorted.length - 1))]!;
}

import type { Alarm, Clock } from "./clock.ts";
import { createSpin, type Spin } from "./spin.ts";

export interface RealClock extends Clock {
  /** Time in which there was nothing to do but look at the clock. */
  spunMs(): number;
}

/** Longer ones fire at once in Node. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Timers are whole milliseconds and fire one or two late. So an alarm sleeps until `spinMs` before its time and then
 * goes round the event loop without sleeping: replies are read as they come, and it rings within microseconds.
 */
export function createRealClock({ spinMs }: { readonly spinMs: number }): RealClock {
  const spin = createSpin();
  return {
    now: () => performance.now(),
    alarm: (ring) => createAlarm(ring, { spinMs, spin }),
    after: (ms, call) => void setTimeout(call, Math.min(ms, longestTimeoutMs)),
    spunMs: () => spin.spentMs(),
  };
}

interface AlarmOptions {
  readonly spinMs: number;
  readonly spin: Spin;
}

function createAlarm(ring: () => void, { spinMs, spin }: AlarmOptions): Alarm {
  let ringsAtMs = Infinity;
  let isWaiting = false;

  function look(): void {
    isWaiting = false;
    if (performance.now() < ringsAtMs) return wait();
    spin.end();
    ringsAtMs = Infinity;
    ring();
  }

  function wait(): void {
    if (isWaiting || ringsAtMs === Infinity) return;
    isWaiting = true;
    const sleepMs = ringsAtMs - performance.now() - spinMs;
    if (sleepMs > 0) setTimeout(look, Math.min(Math.max(sleepMs, 1), longestTimeoutMs));
    else {
      spin.turn();
      setImmediate(look);
    }
  }

  return {
    set(atMs) {
      ringsAtMs = atMs;
      wait();
    },
  };
}

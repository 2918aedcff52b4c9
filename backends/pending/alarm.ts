import type { Clock } from "../clock.ts";

/** One timer for any number of due times. */
export interface Alarm {
  /** Rings at `timeMs` or, when it is set for something earlier, looks again then. */
  set(timeMs: number): void;
  clear(): void;
}

/** @param ring Does what is due and returns when the next thing is, `Infinity` for never. */
export function createAlarm(clock: Clock, ring: (nowMs: number) => number): Alarm {
  let setForMs = Infinity;
  let callOff: (() => void) | undefined;

  function clear() {
    callOff?.();
    setForMs = Infinity;
  }

  function set(timeMs: number) {
    if (timeMs >= setForMs) return;
    callOff?.();
    setForMs = timeMs;
    callOff = clock.at(timeMs, () => {
      setForMs = Infinity;
      set(ring(clock.now()));
    });
  }

  return { set, clear };
}

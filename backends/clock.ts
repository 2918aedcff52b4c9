/** Time as backends see it, so that tests and benchmarks can bring a time of their own. */
export interface Clock {
  /** Milliseconds, on the clock of `performance.now()` like `Call.deadlineMs`. */
  now(): number;
  /** Calls back once, not before `timeMs`. What it returns calls it off. */
  at(timeMs: number, callback: () => void): () => void;
  /** Lets everything else that is due now have its turn. */
  turn(): Promise<void>;
}

/** A longer delay would overflow and fire at once; whoever wakes early looks at the clock again. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  at: (timeMs, callback) => {
    const delayMs = Math.ceil(timeMs - performance.now());
    const timer = setTimeout(callback, Math.min(delayMs, longestDelayMs));
    return () => clearTimeout(timer);
  },
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};

/** @returns Acts at the end of the event loop's turn, once however often it was called. */
export function oncePerTurn(clock: Clock, act: () => void): () => void {
  let isAwaited = false;
  return () => {
    if (isAwaited) return;
    isAwaited = true;
    void clock.turn().then(() => {
      isAwaited = false;
      act();
    });
  };
}

/** Keeps account of the turns of an event loop that only waits for a moment. */
export interface Spin {
  /** A turn begins, and another one follows it. */
  turn(): void;
  end(): void;
  spentMs(): number;
}

/** A turn that found nothing to do takes about as long as the fastest; what is beyond twice that was work. */
const emptyTurns = 2;
/** No empty turn takes longer. */
const slowestMs = 0.02;

export function createSpin(): Spin {
  let beganMs = -1;
  let fastestMs = slowestMs;
  let spentMs = 0;

  function count(nowMs: number): void {
    if (beganMs < 0) return;
    const tookMs = nowMs - beganMs;
    fastestMs = Math.min(fastestMs, tookMs);
    spentMs += Math.min(tookMs, emptyTurns * fastestMs);
  }

  return {
    turn() {
      const nowMs = performance.now();
      count(nowMs);
      beganMs = nowMs;
    },
    end() {
      count(performance.now());
      beganMs = -1;
    },
    spentMs: () => spentMs,
  };
}

/** Whether the target still says anything. */
export interface Hearing {
  asked(atMs: number): void;
  /** @param isHeard The target said something; else only our side ended the call. */
  ended(atMs: number, isHeard: boolean): void;
  /** How long nothing was heard though something was asked. */
  silentMs(nowMs: number): number;
}

export function createHearing(): Hearing {
  let pending = 0;
  let waitingSinceMs = Infinity;
  return {
    asked(atMs) {
      pending++;
      if (waitingSinceMs === Infinity) waitingSinceMs = atMs;
    },
    ended(atMs, isHeard) {
      pending--;
      if (isHeard) waitingSinceMs = pending > 0 ? atMs : Infinity;
    },
    silentMs: (nowMs) => Math.max(0, nowMs - waitingSinceMs),
  };
}

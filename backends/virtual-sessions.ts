import type { Clock } from "./clock.ts";

/** Sessions that take time on a clock instead of computing: a run waits for the first one that is free. */
export interface VirtualSessions {
  /** Resolves when `ms` of a session's time have passed. */
  run(ms: number): Promise<void>;
}

export function createVirtualSessions(clock: Clock, parallel: number): VirtualSessions {
  const freeAtMs = Array.from({ length: parallel }, () => 0);
  return {
    run(ms) {
      const session = freeAtMs.indexOf(Math.min(...freeAtMs));
      const endMs = Math.max(freeAtMs[session]!, clock.now()) + ms;
      freeAtMs[session] = endMs;
      return new Promise((resolve) => void clock.at(endMs, resolve));
    },
  };
}

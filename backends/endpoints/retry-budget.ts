import type { Clock } from "../clock.ts";
import { createWindow } from "./window.ts";

export interface RetryBudgetOptions {
  /** Of first attempts. Default 0.2. */
  readonly ratio?: number;
  /** Allowed whatever the ratio. Default 3. */
  readonly least?: number;
  /** Default 10,000. */
  readonly windowMs?: number;
}

/** Bounds what failures add to the load: an attempt is one call, whatever its rows. */
export interface RetryBudget {
  firstAttempt(): void;
  /** Takes one more attempt, or says that there is none left. */
  take(): boolean;
}

export function createRetryBudget(clock: Clock, options: RetryBudgetOptions = {}): RetryBudget {
  const { ratio = 0.2, least = 3, windowMs = 10_000 } = options;
  const first = createWindow(clock, windowMs);
  const more = createWindow(clock, windowMs);
  return {
    firstAttempt: () => first.add(1),
    take() {
      if (more.sum() + 1 > Math.max(least, ratio * first.sum())) return false;
      more.add(1);
      return true;
    },
  };
}

import type { Rollout } from "./rollout.ts";

/** How long steps ran while one router held them. */
export interface Dwelling {
  /** It holds that from now on. */
  took(rollout: Rollout): void;
  /** Of the step that the rollout is at, in whole milliseconds; 0: it holds another one, or none. */
  readonly dweltMs: (rollout: Rollout) => number;
}

interface Dwelt {
  readonly step: number;
  readonly sinceMs: number;
  /** By this router's clock. */
  readonly fromMs: number;
}

/**
 * Times that others wrote are by their clocks, and one that is wrong must not give everybody the canary: what a router did
 * not see pass itself does not count. A step that it hears of while it runs, as each one after a restart, begins anew.
 * @param nowMs Of a clock that nobody sets.
 */
export function createDwelling(nowMs: () => number): Dwelling {
  const byModel = new Map<string, Dwelt>();

  function held({ distribution: { model }, state }: Rollout): Dwelt | undefined {
    const dwelt = byModel.get(model);
    const isSame =
      state.phase === "stepping" && dwelt?.step === state.step && dwelt.sinceMs === state.sinceMs;
    return isSame ? dwelt : undefined;
  }

  return {
    took(rollout) {
      const { distribution, state } = rollout;
      if (state.phase !== "stepping") byModel.delete(distribution.model);
      if (state.phase !== "stepping" || held(rollout) !== undefined) return;
      const { step, sinceMs } = state;
      byModel.set(distribution.model, { step, sinceMs, fromMs: nowMs() - beforeMs(rollout) });
    },
    dweltMs(rollout) {
      const dwelt = held(rollout);
      return dwelt === undefined ? 0 : Math.floor(nowMs() - dwelt.fromMs);
    },
  };
}

/** What had passed of a step before it was paused; both times are by the clock of who resumed it. */
function beforeMs({ state, changed }: Rollout): number {
  if (changed.verb !== "resume" || state.phase !== "stepping") return 0;
  return Math.max(0, changed.atMs - state.sinceMs);
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Layer } from "../../backends/backend.ts";

export interface Slowness {
  /** A model that is too small to be interesting takes at least this long. */
  readonly leastMs: number;
  /** How many times as long as that, or as it really took, an answer takes. 1: nothing is wrong. */
  readonly times: number;
}

/** Holds answers back, however many at a time: each takes `times` as long as it should. */
export function slowed(slowness: () => Slowness): Layer {
  return (inner) => ({
    ...inner,
    async answer(queries) {
      const startedMs = performance.now();
      const answers = await inner.answer(queries);
      const { leastMs, times } = slowness();
      const tookMs = performance.now() - startedMs;
      const waitMs = times * Math.max(tookMs, leastMs) - tookMs;
      if (waitMs > 0) await sleep(waitMs);
      return answers;
    },
  });
}

import { allDone, fewOver, noneFails } from "../claims.ts";
import type { Scale, Scenario } from "../scenario.ts";

/** Each way: calls take longer than the limit until the router has noticed. */
const delayMs = 100;
const limitMs = 150;

export const slowBackend: Scenario = {
  name: "slow-backend",
  summary: "one of two servers answers 200 ms late for a while",
  needs: { servers: 2, versions: ["1"], hasRouter: true },
  load: (scale) => ({
    schedule: { kind: "poisson", perSecond: scale.perSecond, forMs: lengthOf(scale) },
  }),
  acts: (scale) => [
    {
      atMs: lengthOf(scale) / 4,
      name: "one server becomes slow",
      perform: async (stage) => stage.slow(delayMs),
    },
    {
      atMs: (3 * lengthOf(scale)) / 4,
      name: "it recovers",
      perform: async (stage) => stage.slow(0),
    },
  ],
  judge: (seen) => [allDone(seen), noneFails(seen), fewOver(limitMs, 0.01, seen)],
};

/** Noticing takes a fifth of a second, of whatever length: it must not be 1% of the run by itself. */
function lengthOf({ seconds }: Scale): number {
  return Math.max(20_000, seconds(30));
}

import { allDone, fewOver, noneFails } from "../claims.ts";
import type { Scenario } from "../scenario.ts";

const delayMs = 300;
const limitMs = 150;

export const slowBackend: Scenario = {
  name: "slow-backend",
  summary: "one of two servers answers 600 ms late for a while",
  needs: { servers: 2, versions: ["1"], hasRouter: true },
  load: ({ perSecond, seconds }) => ({
    schedule: { kind: "poisson", perSecond, forMs: seconds(30) },
  }),
  acts: ({ seconds }) => [
    {
      atMs: seconds(8),
      name: "one server becomes slow",
      perform: async (stage) => stage.slow(delayMs),
    },
    { atMs: seconds(22), name: "it recovers", perform: async (stage) => stage.slow(0) },
  ],
  judge: (seen) => [allDone(seen), noneFails(seen), fewOver(limitMs, 0.01, seen)],
};

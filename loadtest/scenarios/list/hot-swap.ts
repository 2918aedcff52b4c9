import { allDone, noneDegraded, noneFails } from "../claims.ts";
import type { Scenario } from "../scenario.ts";

export const hotSwap: Scenario = {
  name: "hot-swap",
  summary: "a new version of the model arrives, and takes over",
  needs: { servers: 1, versions: ["1"], hasRouter: false },
  load: ({ perSecond, seconds }) => ({
    schedule: { kind: "poisson", perSecond, forMs: Math.max(3_000, seconds(30)) },
  }),
  acts: ({ seconds }) => [
    { atMs: seconds(5), name: "version 2 arrives", perform: (stage) => stage.deploy() },
  ],
  judge: (seen) => [
    { ...allDone(seen), says: "version 2 takes over" },
    noneFails(seen),
    noneDegraded(seen),
  ],
};

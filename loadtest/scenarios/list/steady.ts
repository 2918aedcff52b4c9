import { formatMs } from "../../../display/figures.ts";
import { between, memoryReturns, noneDegraded, noneFails, within } from "../claims.ts";
import type { Claim, Scenario, Seen } from "../scenario.ts";

const lengthSeconds = 30;

export const steady: Scenario = {
  name: "steady",
  summary: "an even load that the server carries with ease",
  needs: { servers: 1, versions: ["1"], hasRouter: false },
  load: ({ perSecond, seconds }) => ({
    schedule: { kind: "poisson", perSecond, forMs: seconds(lengthSeconds) },
  }),
  judge: (seen) => [
    noneFails(seen),
    noneDegraded(seen),
    within(0.99, 100, seen.result),
    noDrift(seen),
    memoryReturns(seen),
  ],
};

/** What leaks or queues shows as latency that grows. */
function noDrift(seen: Seen): Claim {
  const forMs = seen.scale.seconds(lengthSeconds);
  const [first, last] = [
    between(seen, 0, forMs / 3).latency,
    between(seen, (2 * forMs) / 3, forMs).latency,
  ];
  const [early, late] = [first.at(0.5), last.at(0.5)];
  return {
    says: "latency does not grow: p50 of the last third at most twice that of the first, or 5 ms more",
    holds: first.count < 20 || last.count < 20 ? "unknown" : late <= Math.max(2 * early, early + 5),
    found: `${formatMs(early)}, then ${formatMs(late)}`,
  };
}

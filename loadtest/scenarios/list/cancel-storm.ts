import { formatCount } from "../../../display/figures.ts";
import { memoryReturns, noneFails, nothingInFlight } from "../claims.ts";
import type { Claim, Scenario, Seen } from "../scenario.ts";

const shareBasisPoints = 5_000;

export const cancelStorm: Scenario = {
  name: "cancel-storm",
  summary: "half of the callers give up after a millisecond",
  needs: { servers: 1, versions: ["1"], hasRouter: false },
  load: ({ perSecond, seconds }) => ({
    schedule: { kind: "poisson", perSecond, forMs: seconds(20) },
    cancels: { basisPoints: shareBasisPoints, afterMs: 1 },
  }),
  judge: (seen) => [
    { ...noneFails(seen), says: "no call fails that was not cancelled" },
    someCancelled(seen),
    nothingInFlight(seen),
    memoryReturns(seen),
  ],
};

/** Else nothing was shown. */
function someCancelled({ result: { counts } }: Seen): Claim {
  return {
    says: "calls were cancelled before they were answered",
    holds: counts.cancelled > 0 || "unknown",
    found: formatCount(counts.cancelled),
  };
}

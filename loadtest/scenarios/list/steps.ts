import { formatMs, formatRate } from "../../../display/figures.ts";
import type { RateStep } from "../../schedule.ts";
import { between } from "../claims.ts";
import type { Claim, Scale, Scenario, Seen } from "../scenario.ts";

/** Of what a closed loop reached, which is more than any schedule can ask for with an even answer. */
const shares = [0.05, 0.1, 0.2, 0.4];
/** From here on p99 may be over the limit. */
const mayBreakFrom = 0.3;
const limitMs = 100;

export const steps: Scenario = {
  name: "steps",
  summary: "twice the load, again and again, up to the knee",
  needs: { servers: 1, versions: ["1"], hasRouter: false },
  load: (scale) => ({ schedule: { kind: "steps", steps: stepsOf(scale), arrivals: "poisson" } }),
  judge: (seen) => [...underKnee(seen), knee(seen)],
};

function stepsOf({ capacity, seconds }: Scale): readonly RateStep[] {
  return shares.map((share) => ({
    perSecond: Math.max(1, Math.round(capacity * share)),
    forMs: seconds(10),
  }));
}

interface Shown {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly isKnown: boolean;
  readonly holds: boolean;
}

function shownBy(seen: Seen): readonly Shown[] {
  let atMs = 0;
  return stepsOf(seen.scale).map(({ perSecond, forMs }) => {
    const { latency, failed, due } = between(seen, atMs, atMs + forMs);
    atMs += forMs;
    const p99Ms = latency.at(0.99);
    return { perSecond, p99Ms, isKnown: due >= 20, holds: failed === 0 && p99Ms <= limitMs };
  });
}

function underKnee(seen: Seen): Claim[] {
  return shownBy(seen)
    .filter((_, at) => shares[at]! < mayBreakFrom)
    .map(({ perSecond, p99Ms, holds, isKnown }) => ({
      says: `at ${formatRate(perSecond)} no call fails, and p99 is at most ${formatMs(limitMs)}`,
      holds: isKnown ? holds : "unknown",
      found: formatMs(p99Ms),
    }));
}

/** A load that breaks it must not be followed by a larger one that does not: then it was something else. */
function knee(seen: Seen): Claim {
  const shown = shownBy(seen);
  const first = shown.findIndex(({ holds }) => !holds);
  const isOne = first < 0 || shown.slice(first).every(({ holds }) => !holds);
  const found =
    first < 0
      ? `none up to ${formatRate(shown.at(-1)!.perSecond)}`
      : `at ${formatRate(shown[first]!.perSecond)}`;
  return { says: "there is one knee at most: beyond it all steps are slow", holds: isOne, found };
}

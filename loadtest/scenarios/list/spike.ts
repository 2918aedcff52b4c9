import { formatCount, formatMs } from "../../../display/figures.ts";
import { between, nothingInFlight } from "../claims.ts";
import type { Claim, Scale, Scenario, Seen } from "../scenario.ts";

const deadlineMs = 250;
const times = 10;
/** After the spike. */
const recoverySeconds = 5;

/** Ten times this is twice what a closed loop reached. */
const shareOfCapacity = 0.2;

function timesOf({ seconds }: Scale) {
  const atMs = Math.max(2_000, seconds(10));
  const spikeMs = seconds(30);
  return {
    atMs,
    spikeMs,
    forMs: atMs + spikeMs + recoverySeconds * 1_000 + Math.max(3_000, seconds(10)),
  };
}

export const spike: Scenario = {
  name: "spike",
  summary: "ten times the load for half a minute, twice what the server can take",
  needs: {
    servers: 1,
    model: "large",
    versions: ["1"],
    hasRouter: false,
    // So many are answered well within the deadline.
    maxInFlight: 64,
  },
  load: (scale) => ({
    deadlineMs,
    schedule: {
      kind: "spike",
      perSecond: Math.max(1, Math.round(scale.capacity * shareOfCapacity)),
      times,
      arrivals: "poisson",
      ...timesOf(scale),
    },
  }),
  judge: (seen) => [
    admittedMeetDeadlines(seen),
    refusedEarly(seen),
    onlyRefusals(seen),
    recovers(seen),
    nothingInFlight(seen),
  ],
};

function admittedMeetDeadlines({ result: { counts, codes } }: Seen): Claim {
  const late = codes["DEADLINE_EXCEEDED"] ?? 0;
  const admitted = counts.ok + late;
  return {
    says: `what is admitted meets its deadline of ${deadlineMs} ms: at most 1% does not`,
    holds: admitted === 0 ? "unknown" : late <= admitted / 100,
    found: `${formatCount(late)} of ${formatCount(admitted)} were late`,
  };
}

function refusedEarly({ result: { failure, counts } }: Seen): Claim {
  const p50 = failure.at(0.5);
  return {
    says: "what is refused is refused early: half of it within half the deadline",
    holds: counts.shed === 0 || p50 <= deadlineMs / 2,
    found: counts.shed === 0 ? "nothing was refused" : formatMs(p50),
  };
}

function onlyRefusals({ result: { counts, codes } }: Seen): Claim {
  const others = counts.failed - counts.shed - (codes["DEADLINE_EXCEEDED"] ?? 0);
  return {
    says: "nothing fails but by RESOURCE_EXHAUSTED",
    holds: others === 0,
    found: `${formatCount(others)} failed otherwise, ${formatCount(counts.shed)} were refused`,
  };
}

function recovers(seen: Seen): Claim {
  const { atMs, spikeMs, forMs } = timesOf(seen.scale);
  const before = between(seen, 0, atMs);
  const after = between(seen, atMs + spikeMs + recoverySeconds * 1_000, forMs);
  const [p50, then] = [before.latency.at(0.5), after.latency.at(0.5)];
  const isBack = after.failed === 0 && then <= Math.max(2 * p50, p50 + 5);
  return {
    says: `${recoverySeconds} s later it is as before: no call fails, p50 at most doubled, or 5 ms more`,
    holds: before.ok < 20 || after.due < 20 ? "unknown" : isBack,
    found: `${formatCount(after.failed)} failed, p50 ${formatMs(p50)}, then ${formatMs(then)}`,
  };
}

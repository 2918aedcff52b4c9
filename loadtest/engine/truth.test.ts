import { expect, test } from "vitest";
import type { RunPlan } from "../run-plan.ts";
import type { Histogram } from "../histogram/histogram.ts";
import type { Schedule } from "../schedule.ts";
import { samplePlan } from "./sample-plan.fixture.ts";
import { closedTruth, openTruth, queuedTruth } from "./truth.fixture.ts";
import {
  constantServer,
  runVirtually,
  stallingServer,
  type AnswersAt,
} from "./virtual-run.fixture.ts";

/* The real loop, tally and rules in virtual time, against what is computed from the seeded times alone. */

const servers: Readonly<Record<string, AnswersAt>> = {
  "a constant 50 ms server": constantServer(50),
  "one that stalls for 2 s every 5 s": stallingServer(50, { everyMs: 5_000, forMs: 2_000 }),
};

const trace = Array.from({ length: 4_000 }, (_, call) => 12 * call + 300 * Math.sin(call / 40));

const openSchedules: Readonly<Record<string, Schedule>> = {
  constant: { kind: "constant", perSecond: 100, forMs: 60_000 },
  Poisson: { kind: "poisson", perSecond: 100, forMs: 60_000 },
  steps: {
    kind: "steps",
    steps: [
      { perSecond: 20, forMs: 10_000 },
      { perSecond: 40, toPerSecond: 200, forMs: 20_000 },
      { perSecond: 100, forMs: 30_000 },
    ],
    arrivals: "poisson",
  },
  spike: { kind: "spike", perSecond: 50, times: 10, atMs: 20_000, spikeMs: 10_000, forMs: 60_000 },
  replay: { kind: "replay", atMs: trace.map((at) => at + 400).sort((a, b) => a - b), speed: 1 },
};

const shares = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

function expectTruth(reported: Histogram, truth: readonly number[]): void {
  expect(reported.count).toBe(truth.length);
  const sorted = truth.toSorted((a, b) => a - b);
  for (const share of shares) {
    const exact = sorted[Math.ceil(share * sorted.length - 1e-9) - 1]!;
    expect(Math.abs(reported.at(share) - exact), `p${100 * share}`).toBeLessThan(0.005 * exact);
  }
  const mean = truth.reduce((sum, ms) => sum + ms, 0) / truth.length;
  expect(Math.abs(reported.meanMs - mean)).toBeLessThan(0.005 * mean);
}

for (const [server, answersAt] of Object.entries(servers)) {
  for (const [name, schedule] of Object.entries(openSchedules)) {
    test(`${server}, ${name}: reports the truth, from one worker and from three`, () => {
      for (const workers of [1, 3]) {
        const plan: RunPlan = { ...samplePlan(schedule), warmUpMs: 3_000, workers };
        const result = runVirtually(plan, { answersAt });
        expect(result.invalid).toEqual([]);
        expect(result.counts).toMatchObject({ failed: 0, waited: 0, unfinished: 0 });
        expectTruth(result.latency, openTruth(plan, answersAt));
        expect(result.lag.maxMs).toBeLessThan(0.002);
      }
    });
  }

  test(`${server}, a closed loop: reports the truth of what it measures, and says that it is closed`, () => {
    const plan = { ...samplePlan({ kind: "closed", streams: 16, forMs: 60_000 }), warmUpMs: 3_000 };
    const result = runVirtually(plan, { answersAt });
    expect(result.about.loop).toBe("closed");
    expectTruth(result.latency, closedTruth(plan, answersAt));
    expect(result.lag.count).toBe(0);
    expect(result.counts.achievedRate).toBeCloseTo(result.latency.count / 60, 0);
  });

  test(`${server}, too few streams: what waits for one is counted from when it was due`, () => {
    const plan: RunPlan = {
      ...samplePlan({ kind: "poisson", perSecond: 100, forMs: 58_000 }),
      connections: 1,
      streamsPerConnection: 12,
    };
    const result = runVirtually(plan, { answersAt });
    expectTruth(result.latency, queuedTruth(plan, 12, answersAt));
    expect(result.counts.waited).toBeGreaterThan(0);
    expect(result.warnings.map(({ rule }) => rule)).toContain("waited");
    // The generator itself was never late.
    expect(result.lag.maxMs).toBeLessThan(0.002);
  });
}

test("a closed loop hides a stall that an open one shows: that is why it is labelled", () => {
  const answersAt = servers["one that stalls for 2 s every 5 s"]!;
  const open = samplePlan({ kind: "constant", perSecond: 100, forMs: 60_000 });
  const closed = samplePlan({ kind: "closed", streams: 5, forMs: 60_000 });
  expect(runVirtually(open, { answersAt }).latency.at(0.9)).toBeGreaterThan(1_500);
  expect(runVirtually(closed, { answersAt }).latency.at(0.9)).toBeLessThan(51);
});

import { expect, test } from "vitest";
import { ServingError } from "../../proto/serving-error.ts";
import type { RunResult } from "../run-result.ts";
import { sampleResult } from "../sample-result.fixture.ts";
import { samplePlan } from "./sample-plan.fixture.ts";
import { judge } from "./validity.ts";
import { constantServer, runVirtually, stallingServer } from "./virtual-run.fixture.ts";

const answersAt = constantServer(50);
const plan = samplePlan({ kind: "constant", perSecond: 100, forMs: 60_000 });
const rulesOf = (findings: RunResult["invalid"]) => findings.map(({ rule }) => rule);

/** The event loop stands still at the beginning of each period. */
function blocked({ everyMs, forMs }: { readonly everyMs: number; readonly forMs: number }) {
  return (atMs: number) => (atMs % everyMs < forMs ? atMs - (atMs % everyMs) + forMs : atMs);
}

test("a generator that keeps its schedule is believed, and so is what it waited for a stalled server", () => {
  for (const server of [answersAt, stallingServer(50, { everyMs: 5_000, forMs: 2_000 })])
    expect(runVirtually(plan, { answersAt: server }).invalid).toEqual([]);
});

test("calls that leave late by the generator's fault prove nothing", () => {
  const result = runVirtually(plan, {
    answersAt,
    happensAt: blocked({ everyMs: 1_000, forMs: 40 }),
  });
  expect(rulesOf(result.invalid)).toEqual(["lag"]);
  expect(result.invalid[0]!.message).toContain("late or more, where 5 ms is allowed");
  expect(result.lag.maxMs).toBeGreaterThan(20);
});

test("a pause that fewer than 1% of the calls feel is in the figures, and no more", () => {
  const happensAt = blocked({ everyMs: 70_000, forMs: 300 });
  const result = runVirtually(plan, { answersAt, happensAt });
  expect(result.invalid).toEqual([]);
  expect(result.latency.maxMs).toBeGreaterThan(300);
});

test("a rate that was not reached proves nothing; the target's part in it is said", () => {
  const result = runVirtually(
    { ...plan, connections: 1, streamsPerConnection: 4, deadlineMs: 60_000 },
    { answersAt },
  );
  expect(rulesOf(result.invalid)).toEqual(["rate"]);
  expect(result.invalid[0]!.message).toMatch(/80.*of 100.*the target is too slow for this rate/);
  expect(rulesOf(result.warnings)).toContain("waited");
});

test("an interrupted run is marked, with what is known until then", () => {
  const result = runVirtually(plan, { answersAt, stopAtMs: 3_005 });
  expect(result.ended).toEqual({ by: "interrupt", because: "told to" });
  expect(rulesOf(result.invalid)).toEqual(["partial"]);
  expect(result.counts).toMatchObject({ due: 301, sent: 301, ok: 296, unfinished: 5 });
  expect(result.tookMs).toBe(3_005);
  expect(result.counts.targetRate).toBeCloseTo(100, 0);
});

test("calls that were due and waited when it was interrupted are due", () => {
  const few = { ...plan, connections: 1, streamsPerConnection: 1 };
  const result = runVirtually(few, { answersAt: constantServer(1_000), stopAtMs: 3_005 });
  expect(result.counts).toMatchObject({ due: 301, sent: 4, ok: 3, unfinished: 1 });
});

test("interrupted before anything counted, it says so", () => {
  const result = runVirtually({ ...plan, warmUpMs: 2_000 }, { answersAt, stopAtMs: -500 });
  expect(result.counts).toMatchObject({ due: 0, sent: 0 });
  expect(rulesOf(result.invalid)).toEqual(["partial"]);
});

test("too few calls for a percentile are said, warming up in vain as well", () => {
  const short = samplePlan({ kind: "constant", perSecond: 100, forMs: 5_000 });
  const { warnings } = runVirtually(short, { answersAt });
  expect(warnings[0]).toMatchObject({ rule: "few-calls" });
  expect(warnings[0]!.message).toContain("p99 rests on 5 of 500 calls");
  const vain = runVirtually(
    { ...short, warmUpMs: 1_000 },
    {
      answersAt,
      replyAt: (atMs) =>
        atMs < 0 ? new ServingError("UNIMPLEMENTED", "no such method") : new Uint8Array(),
    },
  );
  expect(vain.warnings).toContainEqual({
    rule: "warm-up",
    message: "none of 100 calls ended OK while warming up: no such method",
  });
});

const warmed = { sent: 1, ok: 1, message: "" };
const { generator: healthy } = sampleResult();

test("a healthy run is found neither invalid nor doubtful", () => {
  expect(judge(sampleResult(), warmed)).toEqual({ invalid: [], warnings: [] });
});

test("a closed loop whose event loop was blocked read its replies late; an open one is judged by its lag", () => {
  const generator = { ...healthy, loopDelayP99Ms: 12, starvedMs: 5_000 };
  const closed = judge(sampleResult({ generator, about: { loop: "closed" } }), warmed);
  expect(rulesOf(closed.invalid)).toEqual(["blocked-loop"]);
  expect(closed.invalid[0]!.message).toContain("gave the processor to others for 50");
  expect(judge(sampleResult({ generator }), warmed).invalid).toEqual([]);
});

test("a run in which nothing ended proves nothing; one that the target ended is the target's failure", () => {
  const counts = { ok: 0, failed: 0 };
  expect(rulesOf(judge(sampleResult({ counts }), warmed).invalid)).toEqual(["empty"]);
  const ended = { by: "silence", because: "nothing was answered for 10 s" } as const;
  expect(judge(sampleResult({ ended }), warmed).invalid).toEqual([]);
});

test("doubts: a busy worker, a clock that is off", () => {
  const generators = [
    { name: "10.0.0.7:8600", machine: "", clockAheadMs: -2_500, clockErrorMs: 0.2 },
  ];
  const { warnings } = judge(
    sampleResult({ generator: { ...healthy, busyShare: 0.97, generators } }),
    warmed,
  );
  expect(rulesOf(warnings)).toEqual(["busy", "clock"]);
  expect(warnings[1]!.message).toContain("10.0.0.7:8600 is 2,500 ms behind the coordinator's");
});

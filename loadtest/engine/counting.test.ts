import { expect, test } from "vitest";
import {
  BatchRecommendResponse,
  RecommendResponse,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { joinHistograms } from "../histogram/create-histogram.ts";
import { isChosen } from "../pace/choose.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunResult } from "../run-result.ts";
import { samplePlan } from "./sample-plan.fixture.ts";
import { constantServer, runVirtually } from "./virtual-run.fixture.ts";

const answersAt = constantServer(50);
const hundredPerSecond = samplePlan({ kind: "constant", perSecond: 100, forMs: 10_000 });

function isSecond(second: number): (atMs: number) => boolean {
  return (atMs) => Math.floor(atMs / 1_000) === second;
}

function awayInSecondFour(atMs: number) {
  if (!isSecond(4)(atMs)) return reply("stable");
  return new ServingError("UNAVAILABLE", "away", { isLost: true });
}

function cutReply() {
  return new Uint8Array([0x0a, 0x7f]);
}

function expectSumsToAgree({ counts, codes, seconds, latency, failure, service }: RunResult): void {
  const { due, sent, ok, failed, cancelled, unfinished, missed } = counts;
  expect(ok + failed + cancelled + unfinished).toBe(sent + missed);
  expect(due).toBeGreaterThanOrEqual(sent + missed);
  expect(Object.values(codes).reduce((sum, count) => sum + count, 0)).toBe(ok + failed + cancelled);
  expect(latency.count).toBe(ok);
  expect(service.count).toBe(ok);
  expect(failure.count).toBe(failed);
  expect(seconds.reduce((sum, second) => sum + second.due, 0)).toBe(due);
  expect(seconds.reduce((sum, second) => sum + second.ok, 0)).toBe(ok);
  expect(seconds.reduce((sum, second) => sum + second.failed, 0)).toBe(failed);
  const ofSeconds = joinHistograms(seconds.map((second) => second.latency));
  expect([...ofSeconds.buckets()]).toEqual([...latency.buckets()]);
}

test("counts what was due, sent and answered, with bytes and rates", () => {
  const result = runVirtually(hundredPerSecond, { answersAt });
  expect(result.counts).toMatchObject({ due: 1_000, sent: 1_000, ok: 1_000, answers: 1_000 });
  // Requests of 1 to 4 bytes, taken in turn.
  expect(result.counts.sentBytes).toBe(2_500);
  expect(result.counts.receivedBytes).toBeGreaterThan(1_000);
  expect(result.counts.targetRate).toBe(100);
  expect(result.counts.achievedRate).toBe(100);
  expect(result.counts.goodput).toBeCloseTo(1_000 / 10.04, 1);
  expect(result.seconds.map(({ due }) => due)).toEqual(Array.from({ length: 10 }, () => 100));
  expectSumsToAgree(result);
});

test("workers together find what one finds", () => {
  const plan = samplePlan({ kind: "poisson", perSecond: 100, forMs: 10_000 });
  const [one, four] = [1, 4].map((workers) =>
    runVirtually({ ...plan, workers }, { answersAt, replyAt: awayInSecondFour }),
  );
  expect(four!.counts).toEqual(one!.counts);
  expect(four!.codes).toEqual(one!.codes);
  expect(JSON.stringify([four!.latency, four!.arms, four!.seconds])).toBe(
    JSON.stringify([one!.latency, one!.arms, one!.seconds]),
  );
});

test("counts failures by code, keeps the first message of each, and their times apart", () => {
  const result = runVirtually(hundredPerSecond, {
    answersAt,
    replyAt(atMs) {
      if (isSecond(2)(atMs)) return new ServingError("RESOURCE_EXHAUSTED", `full at ${atMs}`);
      if (isSecond(3)(atMs)) return new ServingError("UNAVAILABLE", "reset", { isLost: true });
      return reply("stable");
    },
  });
  expect(result.codes).toEqual({ OK: 800, RESOURCE_EXHAUSTED: 100, UNAVAILABLE: 100 });
  expect(result.messages).toEqual({ RESOURCE_EXHAUSTED: "full at 2000", UNAVAILABLE: "reset" });
  expect(result.counts).toMatchObject({ failed: 200, shed: 100, lost: 100 });
  expect(result.warnings.map(({ rule }) => rule)).toContain("lost-connections");
  expectSumsToAgree(result);
});

test("says who answered, and how well, with the latency of each", () => {
  const result = runVirtually(hundredPerSecond, {
    answersAt: (atMs) => atMs + (isSecond(7)(atMs) ? 90 : 50),
    replyAt: (atMs) => (isSecond(7)(atMs) ? reply("canary", "popular") : reply("stable")),
  });
  expect(result.counts.degraded).toBe(100);
  expect(result.arms["stable"]).toMatchObject({ answers: 900, degraded: 0 });
  expect(result.arms["canary"]).toMatchObject({ answers: 100, degraded: 100 });
  expect(result.arms["canary"]!.latency.at(0.5)).toBeCloseTo(90, 1);
  expect(result.backends["cpu"]!.answers).toBe(1_000);
  expect(result.seconds[7]!.arms).toEqual({ canary: 100 });
});

test("looks into each result of a batch", () => {
  const batch = BatchRecommendResponse.encode({
    results: [
      {
        result: {
          $case: "response",
          value: RecommendResponse.fromPartial({ routed: { arm: "canary" } }),
        },
      },
      { result: { $case: "status", value: { code: 8, message: "full", retryPushbackMs: 0 } } },
      {
        result: {
          $case: "response",
          value: RecommendResponse.fromPartial({ served: { degraded: "cached" } }),
        },
      },
    ],
  }).finish();
  const workload = { ...hundredPerSecond.workload, replies: "batch-recommend" } as const;
  const result = runVirtually(
    { ...hundredPerSecond, workload },
    { answersAt, replyAt: () => batch },
  );
  expect(result.rows).toEqual({ OK: 2_000, RESOURCE_EXHAUSTED: 1_000 });
  expect(result.counts).toMatchObject({ ok: 1_000, answers: 2_000, degraded: 1_000 });
  expect(result.arms["canary"]!.answers).toBe(1_000);
});

test("a reply that cannot be read is a failure, unless it is not to be looked into", () => {
  const read = runVirtually(hundredPerSecond, { answersAt, replyAt: cutReply });
  expect(read.codes).toEqual({ INTERNAL: 1_000 });
  expect(read.messages["INTERNAL"]).toContain("the reply cannot be read");
  expectSumsToAgree(read);
  const workload = { ...hundredPerSecond.workload, replies: "opaque" } as const;
  const opaque = runVirtually({ ...hundredPerSecond, workload }, { answersAt, replyAt: cutReply });
  expect(opaque.codes).toEqual({ OK: 1_000 });
});

test("calls that the plan cancels are neither answered nor failed", () => {
  const plan: RunPlan = { ...hundredPerSecond, cancels: { basisPoints: 2_000, afterMs: 10 } };
  const chosen = Array.from({ length: 1_000 }, (_, number) => number).filter((number) =>
    isChosen(number, 2_000, plan.seed),
  );
  const result = runVirtually(plan, { answersAt });
  expect(result.counts).toMatchObject({
    cancelled: chosen.length,
    ok: 1_000 - chosen.length,
    failed: 0,
  });
  expectSumsToAgree(result);
  // Too late for these.
  const late = runVirtually(
    { ...plan, cancels: { basisPoints: 2_000, afterMs: 60 } },
    { answersAt },
  );
  expect(late.counts).toMatchObject({ cancelled: 0, ok: 1_000 });
});

test("what is not answered by its deadline has failed, then", () => {
  const result = runVirtually({ ...hundredPerSecond, deadlineMs: 40 }, { answersAt });
  expect(result.codes).toEqual({ DEADLINE_EXCEEDED: 1_000 });
  expect(result.failure.minMs).toBeCloseTo(40, 1);
  expect(result.failure.maxMs).toBeCloseTo(40, 1);
});

test("what finds no stream before its deadline never leaves, and has failed", () => {
  const burst = samplePlan({ kind: "replay", atMs: Array.from({ length: 10 }, () => 0), speed: 1 });
  const result = runVirtually(
    { ...burst, connections: 1, streamsPerConnection: 1, deadlineMs: 300 },
    { answersAt: constantServer(200) },
  );
  // The second has 100 ms left when it leaves, the others none.
  expect(result.counts).toMatchObject({ due: 10, sent: 2, ok: 1, failed: 9, missed: 8, waited: 9 });
  expect(result.messages["DEADLINE_EXCEEDED"]).toBe("not answered by the deadline");
  expect(result.failure.minMs).toBeCloseTo(300, 0);
  expectSumsToAgree(result);
});

test("warming up is not counted, and changes nothing of what is", () => {
  const plan = samplePlan({ kind: "poisson", perSecond: 100, forMs: 10_000 });
  const cold = runVirtually(plan, { answersAt });
  const arrivals: number[] = [];
  const warm = runVirtually(
    { ...plan, warmUpMs: 4_000 },
    { answersAt: (atMs) => (arrivals.push(atMs), atMs + 50) },
  );
  expect(arrivals.filter((at) => at < 0).length).toBeGreaterThan(300);
  expect(warm.counts).toEqual(cold.counts);
});

test("a closed loop sends no more calls than it may, whoever sends them", () => {
  for (const workers of [1, 3]) {
    const schedule = { kind: "closed", streams: 8, forMs: 60_000, calls: 1_001 } as const;
    const plan = { ...samplePlan(schedule), connections: 4, warmUpMs: 1_000, workers };
    const result = runVirtually(plan, { answersAt });
    expect(result.counts).toMatchObject({ sent: 1_001, ok: 1_001 });
    expect(result.tookMs).toBeLessThan(10_000);
    expectSumsToAgree(result);
  }
});

test("a closed loop does not call a dead target as fast as it fails", () => {
  const schedule = { kind: "closed", streams: 4, forMs: 5_000 } as const;
  const result = runVirtually(samplePlan(schedule), {
    answersAt: constantServer(0.1),
    replyAt: () => new ServingError("UNAVAILABLE", "refused", { isLost: true }),
  });
  expect(result.counts.sent).toBeLessThan(4 * 51);
  expect(result.counts.failed).toBe(result.counts.sent);
});

function reply(arm: string, degraded = ""): Uint8Array {
  return RecommendResponse.encode(
    RecommendResponse.fromPartial({ served: { backend: "cpu", degraded }, routed: { arm } }),
  ).finish();
}

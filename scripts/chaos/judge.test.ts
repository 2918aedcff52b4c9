import { expect, test } from "vitest";
import { RouteReason } from "../../proto/gen/crossfade/v1/recommender.ts";
import { createAssignment } from "../../router/assignment.ts";
import type { CallRecord } from "./call-record.ts";
import { firstDocument, moved, weighed } from "./documents.ts";
import { judge, type Run } from "./judge.ts";

const document = firstDocument();
const armOf = (userId: string, of = document) => {
  const assignment = createAssignment(of);
  return assignment.armOfBucket(assignment.bucketOf(Buffer.from(userId))).name;
};
const users = Array.from({ length: 200 }, (_, i) => `l${i}`);
const canaryUser = users.find((user) => armOf(user) === "canary")!;

function callOf(dueMs: number, others: Partial<CallRecord> = {}): CallRecord {
  const { userId = "l1" } = others;
  const sent = { dueMs, sentMs: dueMs, endedMs: dueMs + 5, userId };
  const reply = { code: "OK", message: "", degraded: "", reason: RouteReason.BUCKET };
  return { ...sent, ...reply, arm: armOf(userId), ...others };
}

function runOf(calls: readonly CallRecord[], others: Partial<Run> = {}): Run {
  const applied = [{ document, askedMs: 0, confirmedMs: 1 }];
  return {
    calls,
    applied,
    startedMs: 0,
    forMs: 60_000,
    wellMs: 30_000,
    isQuick: true,
    broken: [],
    ...others,
  };
}

function degraded(count: number, dueMs: number): CallRecord[] {
  return Array.from({ length: count }, () => callOf(dueMs, { degraded: "popular" }));
}

function slow(dueMs: number): CallRecord {
  return callOf(dueMs, { endedMs: dueMs + 101 });
}

const many = Array.from({ length: 1_000 }, (_, i) => callOf(60 * i, { userId: users[i % 200]! }));

test("a run in which nothing happened misses nothing", () => {
  expect(judge(runOf(many))).toMatchObject({ calls: 1_000, failed: {}, missed: [], invalid: [] });
});

test("any status but OK is a failure, told with the first message and when it was", () => {
  const late = { code: "DEADLINE_EXCEEDED", message: "too late" };
  const { failed, missed } = judge(runOf([...many, callOf(1_000, late), callOf(2_000, late)]));
  expect(failed).toEqual({ DEADLINE_EXCEEDED: 2 });
  expect(missed).toEqual([
    "2 calls ended with DEADLINE_EXCEEDED, from 1.0 s to 2.0 s, all being well at 30.0 s: too late",
  ]);
});

test("one call in a hundred may be degraded, but none from 5 s after all was well", () => {
  expect(judge(runOf([...many, ...degraded(10, 34_999)])).missed).toEqual([]);
  expect(judge(runOf([...many, ...degraded(11, 34_999)])).missed).toHaveLength(1);
  expect(judge(runOf([...many, ...degraded(1, 35_000)]))).toMatchObject({ degradedLate: 1 });
});

test("who gets another arm than his own has strayed, unless it spilled", () => {
  const call = callOf(1, { userId: canaryUser, arm: "stable" });
  expect(judge(runOf([call]))).toMatchObject({ strayed: 1, spilled: 0 });
  const spilled = { ...call, reason: RouteReason.SPILL };
  expect(judge(runOf([spilled]))).toMatchObject({ strayed: 0, spilled: 1 });
});

test("while the weights change, an arm of either document will do; before and after, only one", () => {
  const next = weighed(document, 0);
  const applied = [
    { document, askedMs: 0, confirmedMs: 1 },
    { document: next, askedMs: 100, confirmedMs: 120 },
  ];
  const strayed = (dueMs: number, arm: string) =>
    judge(runOf([callOf(dueMs, { userId: canaryUser, arm })], { applied })).strayed;
  expect([strayed(94, "canary"), strayed(94, "stable")]).toEqual([0, 1]);
  expect([strayed(110, "canary"), strayed(110, "stable")]).toEqual([0, 0]);
  expect([strayed(121, "canary"), strayed(121, "stable")]).toEqual([1, 0]);
});

test("slow calls count from a sixth of the run until all was well", () => {
  expect(judge(runOf([...many, slow(9_999), slow(30_000)])).slowShare).toBe(0);
  const judged = judge(runOf([...many, ...Array.from({ length: 4 }, () => slow(10_000))]));
  expect(judged.slowShare).toBeCloseTo(4 / 337, 3);
  expect(judged.missed).toEqual(["1.2% of the calls took more than 100 ms"]);
});

test("a generator that was late proves nothing, nor does a run that ends before all is well", () => {
  const lagging = many.map((call) => ({ ...call, sentMs: call.dueMs + 21 }));
  expect(judge(runOf(lagging)).invalid).toHaveLength(1);
  expect(judge(runOf(many, { wellMs: 60_001 })).invalid).toHaveLength(1);
});

test("an arm keeps its users when its version moves", () => {
  const next = moved(document, "canary", "9");
  expect(next.revision).toBe(document.revision + 1);
  expect(users.map((user) => armOf(user, next))).toEqual(users.map((user) => armOf(user)));
});

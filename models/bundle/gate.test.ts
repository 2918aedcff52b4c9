import { expect, test } from "vitest";
import { outsideGate } from "./gate.ts";
import type { Agreement, Measured, Passport, Quality } from "./passport.ts";

const agreeing: Measured = {
  users: 100,
  metrics: { hr10: 0.5, ndcg10: 0.3 },
  agreement: { overlap10: 1, top1: 1, recall10: 1 },
};

function passport(warm: Measured, cold: Measured = agreeing): Passport {
  return { bytes: 1, warm, cold, latency: { isa: "avx2", threads: 1, batchMs: { 1: 1 } } };
}

function measured(changes: Partial<Quality & Agreement>): Measured {
  const { metrics, agreement } = agreeing;
  return {
    users: 100,
    metrics: { hr10: changes.hr10 ?? metrics.hr10, ndcg10: changes.ndcg10 ?? metrics.ndcg10 },
    agreement: { ...agreement, overlap10: changes.overlap10 ?? 1, top1: changes.top1 ?? 1 },
  };
}

const fp32 = passport(agreeing);

test("fp32 is inside its own gate", () => {
  expect(outsideGate(fp32, fp32)).toEqual([]);
});

test("figures at the limits are inside", () => {
  const atLimits = measured({ hr10: 0.505, ndcg10: 0.295, overlap10: 0.96, top1: 0.94 });
  expect(outsideGate(passport(atLimits, atLimits), fp32)).toEqual([]);
});

test.each([
  [
    { hr10: 0.4949 },
    "warm users: HR@10 is 0.4949 where fp32 has 0.5000: -0.0051, at most ±0.005 is allowed",
  ],
  [
    { hr10: 0.506 },
    "warm users: HR@10 is 0.5060 where fp32 has 0.5000: +0.0060, at most ±0.005 is allowed",
  ],
  [
    { ndcg10: 0.29 },
    "warm users: NDCG@10 is 0.2900 where fp32 has 0.3000: -0.0100, at most ±0.005 is allowed",
  ],
  [{ overlap10: 0.9599 }, "warm users: overlap@10 with fp32 is 0.9599, at least 0.96 is needed"],
  [{ top1: 0.93 }, "warm users: same top-1 with fp32 is 0.9300, at least 0.94 is needed"],
])("%j is refused with the figures", (changes, message) => {
  expect(outsideGate(passport(measured(changes)), fp32)).toEqual([message]);
});

test("cold users are judged apart: good warm ones do not make up for them", () => {
  const broken = outsideGate(passport(agreeing, measured({ overlap10: 0.5, top1: 0.5 })), fp32);
  expect(broken).toHaveLength(2);
  expect(broken.every((rule) => rule.startsWith("cold users: "))).toBe(true);
});

test("another gate gives another judgement", () => {
  const strict = { maxHr10Change: 0, maxNdcg10Change: 0, minOverlap10: 1, minTop1: 1 };
  expect(outsideGate(passport(measured({ overlap10: 0.99 })), fp32, strict)).toHaveLength(1);
});

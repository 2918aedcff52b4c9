import { expect, test } from "vitest";
import type { CallRecord } from "./call-record.ts";
import { judgeOverload } from "./judge-overload.ts";
import type { LoadStep, Overloaded } from "./overload.ts";

function stepOf(times: number, ends: Readonly<Record<string, number>>, fromMs = 0): LoadStep {
  const codes = Object.entries(ends).flatMap(([end, count]) =>
    Array.from({ length: count }, () => end),
  );
  const calls = codes.map((end, i): CallRecord => {
    const dueMs = fromMs + (10_000 * i) / codes.length;
    const sent = { dueMs, sentMs: dueMs, endedMs: dueMs + 5, userId: "l1" };
    const isPopular = end === "popular";
    const told = { message: "", degraded: isPopular ? end : "", arm: "stable", reason: 1 };
    return { ...sent, code: isPopular ? "OK" : end, ...told };
  });
  return { times, forMs: 10_000, calls };
}

function memoryOf(mbPerSecond: number) {
  return Array.from({ length: 240 }, (_, i) => {
    const rssMb = 100 + (mbPerSecond * i) / 4;
    return { atMs: 250 * i, rssMb, anonMb: rssMb, fileMb: 0 };
  });
}

const well: Overloaded = {
  steps: [stepOf(0.8, { OK: 1_600 }), stepOf(1, { OK: 2_000 })],
  overload: stepOf(2, {
    OK: 1_900,
    RESOURCE_EXHAUSTED: 1_081,
    popular: 1_000,
    DEADLINE_EXCEEDED: 19,
  }),
  relief: stepOf(0.5, { RESOURCE_EXHAUSTED: 10, OK: 990 }),
  memory: { router: memoryOf(0), server: memoryOf(0) },
};

test("what the model did is goodput; what it was spared was not admitted", () => {
  const judged = judgeOverload(well);
  expect(judged).toMatchObject({
    peakPerSecond: 200,
    shareOfPeak: 0.95,
    recovered: { failed: 0, share: 1 },
  });
  expect(judged.lateShare).toBeCloseTo(19 / 1_919, 6);
  expect(judged.missed).toEqual([]);
});

function missedBy(others: Partial<Overloaded>): readonly string[] {
  return judgeOverload({ ...well, ...others }).missed;
}

test("each requirement is missed by itself", () => {
  expect(missedBy({ overload: stepOf(2, { OK: 1_790, popular: 2_210 }) })).toEqual([
    "goodput was 89.5% of the peak",
  ]);
  expect(missedBy({ overload: stepOf(2, { OK: 1_900, DEADLINE_EXCEEDED: 30 }) })).toEqual([
    "1.6% of the admitted calls passed their deadline",
  ]);
  expect(missedBy({ relief: stepOf(0.5, { OK: 990, popular: 10 }) })).toEqual([
    "the model answered 98.0% long after the load had dropped",
  ]);
  expect(missedBy({ relief: stepOf(0.5, { OK: 999, UNAVAILABLE: 1 }) })).toEqual([
    "1 calls failed long after the load had dropped",
  ]);
  expect(missedBy({ memory: { router: memoryOf(0.2), server: memoryOf(0) } })).toHaveLength(1);
});

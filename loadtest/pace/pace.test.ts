import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { Schedule } from "../schedule.ts";
import { deal, portion, shareWithin, type Share } from "./deal.ts";
import { createPace, type OpenSchedule } from "./pace.ts";

function timesOf(schedule: OpenSchedule, seed = 1): number[] {
  const pace = createPace(schedule, { seed });
  const times: number[] = [];
  for (let at = pace.next(); at !== Infinity; at = pace.next()) times.push(at);
  return times;
}

function countBetween(times: readonly number[], fromMs: number, toMs: number): number {
  return times.filter((at) => at >= fromMs && at < toMs).length;
}

test("a constant rate is even, from the start and up to the end", () => {
  const times = timesOf({ kind: "constant", perSecond: 100, forMs: 5_000 });
  expect(times).toHaveLength(500);
  expect(times[0]).toBe(0);
  for (const [number, at] of times.entries()) expect(at).toBeCloseTo(10 * number, 6);
});

test("rates that do not divide a second make as many calls as fit, none at the end", () => {
  assert(
    property(integer({ min: 1, max: 3_000 }), integer({ min: 1, max: 9_999 }), (rate, forMs) => {
      const times = timesOf({ kind: "constant", perSecond: rate / 7, forMs });
      expect(times).toHaveLength(Math.ceil((rate * forMs) / 7_000 - 1e-6));
      expect(times.at(-1)).toBeLessThan(forMs);
    }),
  );
});

test("Poisson arrivals have exponential gaps, and are the same again from the same seed only", () => {
  const schedule = { kind: "poisson", perSecond: 200, forMs: 100_000 } as const;
  const times = timesOf(schedule, 7);
  expect(Math.abs(times.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
  // Of exponential gaps, this share is longer than the mean and than three times it.
  const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
  expect(gaps.filter((gap) => gap > 5).length / gaps.length).toBeCloseTo(Math.exp(-1), 1.5);
  expect(gaps.filter((gap) => gap > 15).length / gaps.length).toBeCloseTo(Math.exp(-3), 2);
  expect(timesOf(schedule, 7)).toEqual(times);
  expect(timesOf(schedule, 8)).not.toEqual(times);
});

test("steps follow each other without a gap, pause and ramp", () => {
  const times = timesOf({
    kind: "steps",
    steps: [
      { perSecond: 10, forMs: 1_000 },
      { perSecond: 0, forMs: 500 },
      { perSecond: 0, toPerSecond: 200, forMs: 2_000 },
      { perSecond: 50, forMs: 1_000 },
    ],
  });
  expect(countBetween(times, 0, 1_000)).toBe(10);
  expect(countBetween(times, 1_000, 1_500)).toBe(0);
  // A triangle: a quarter of its calls are in its first half.
  expect(countBetween(times, 1_500, 2_500)).toBe(50);
  expect(countBetween(times, 2_500, 3_500)).toBe(150);
  expect(countBetween(times, 3_500, 4_500)).toBe(50);
  expect(times).toHaveLength(260);
});

test("a spike multiplies the rate for its time", () => {
  const spike = { perSecond: 100, times: 10, atMs: 2_000, spikeMs: 500, forMs: 4_000 };
  const times = timesOf({ kind: "spike", ...spike });
  expect(countBetween(times, 0, 2_000)).toBe(200);
  expect(countBetween(times, 2_000, 2_500)).toBe(500);
  expect(countBetween(times, 2_500, 4_000)).toBe(150);
});

test("a recorded trace is played at its own times, or faster", () => {
  const atMs = [0, 3, 3, 250, 1_000];
  expect(timesOf({ kind: "replay", atMs, speed: 1 })).toEqual(atMs);
  expect(timesOf({ kind: "replay", atMs, speed: 2 })).toEqual([0, 1.5, 1.5, 125, 500]);
});

const rates = integer({ min: 0, max: 400 });
const schedules = record({
  steps: array(
    record({ perSecond: rates, toPerSecond: rates, forMs: integer({ min: 1, max: 900 }) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  ),
  arrivals: constantFrom("even" as const, "poisson" as const),
});

test("times never fall and stay within the schedule", () => {
  assert(
    property(schedules, integer(), (steps, seed) => {
      const schedule = { kind: "steps", ...steps } as const;
      const forMs = steps.steps.reduce((sum, step) => sum + step.forMs, 0);
      let before = 0;
      for (const at of timesOf(schedule, seed)) {
        expect(at).toBeGreaterThanOrEqual(before);
        expect(at).toBeLessThanOrEqual(forMs);
        before = at;
      }
      expect(createPace(schedule, { seed }).forMs).toBe(forMs);
    }),
  );
});

test("what all workers of all generators are dealt is the schedule, exactly", () => {
  assert(
    property(
      schedules,
      integer({ min: 1, max: 5 }),
      integer({ min: 1, max: 4 }),
      (steps, generators, workers) => {
        const schedule: Schedule = { kind: "steps", ...steps };
        const dealt: [number: number, dueMs: number][] = [];
        for (const share of sharesOf(generators, workers)) {
          const own = deal(createPace(schedule, { seed: 3 }), share);
          for (; own.dueMs !== Infinity; own.advance()) dealt.push([own.number, own.dueMs]);
        }
        const all = timesOf(schedule, 3);
        expect(dealt.sort(([a], [b]) => a - b)).toEqual(all.map((at, number) => [number, at]));
        const portions = sharesOf(generators, workers).map((share) => portion(all.length, share));
        expect(portions.reduce((sum, count) => sum + count)).toBe(all.length);
      },
    ),
  );
});

function sharesOf(generators: number, workers: number): Share[] {
  return Array.from({ length: generators * workers }, (_, all) =>
    shareWithin(
      { index: all % generators, of: generators },
      { index: Math.floor(all / generators), of: workers },
    ),
  );
}

import { expect, test } from "vitest";
import { createScoreBins } from "./score-bins.ts";

function binsOf(...scores: readonly number[]): Readonly<Record<string, number>> {
  const bins = createScoreBins();
  for (const score of scores) bins.add(score);
  return Object.fromEntries(bins.list().map(({ from, replies }) => [String(from), replies]));
}

test("a score is in the bin that begins at it or next below it", () => {
  expect(binsOf(4, 4.49, 4.5, 4.99, 5)).toEqual({ "4": 2, "4.5": 2, "5": 1 });
  expect(binsOf(0.9, 0.5, 0.0625)).toEqual({ "0.875": 1, "0.5": 1, "0.0625": 1 });
});

test("negative scores have bins of their own", () => {
  expect(binsOf(-4.5, -4.9, 4.5)).toEqual({ "-4.5": 2, "4.5": 1 });
});

test("bins are few, whatever comes: ends take what lies beyond them", () => {
  expect(binsOf(0, -0, 1e-9, -1e-30)).toEqual({ "0": 4 });
  expect(binsOf(1e6, Infinity, NaN, -1e30)).toEqual({ "1024": 3, "-1024": 1 });
  const anything = Array.from(
    { length: 20_000 },
    (_, i) => (i % 2 ? 1 : -1) * 1.01 ** (i - 10_000),
  );
  expect(Object.keys(binsOf(...anything)).length).toBeLessThan(300);
});

test("there are eight between a score and its double", () => {
  const scores = Array.from({ length: 1_000 }, (_, i) => 3 + (3 * i) / 1_000);
  expect(Object.keys(binsOf(...scores))).toHaveLength(8);
});

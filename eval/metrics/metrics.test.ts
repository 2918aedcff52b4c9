import { expect, test } from "vitest";
import { playlistFigures, randomFigures } from "./playlist-metrics.ts";
import { pessimisticRank, standingAmong, standingIn } from "./rank.ts";
import { expected, hit, ndcg, reciprocal } from "./rank-metrics.ts";

test.each([
  [0, 1, 1, 1],
  [1, 0, 1 / Math.log2(3), 1 / 2],
  [9, 0, 1 / Math.log2(11), 1 / 10],
  [10, 0, 0, 1 / 11],
  [Infinity, 0, 0, 0],
])("rank %s", (...[rank, first, gain, inverse]) => {
  expect(hit(1).of(rank)).toBe(first);
  expect(ndcg(10).of(rank)).toBeCloseTo(gain, 12);
  expect(reciprocal().of(rank)).toBeCloseTo(inverse, 12);
});

test("what chance reaches, by its formulas", () => {
  expect(expected(hit(10), 0, 100)).toBeCloseTo(10 / 101, 12);
  expect(expected(reciprocal(), 0, 50)).toBeCloseTo(0.0886, 4);
  expect(expected(hit(10), 9, 10)).toBe(0.5);
  expect(expected(ndcg(10), 10, 20)).toBe(0);
});

const list = [
  { id: "a", score: 3 },
  { id: "b", score: 2 },
  { id: "c", score: 2 },
  { id: "d", score: 1 },
];

test("ties are lost, wherever they stand", () => {
  expect(pessimisticRank(standingIn(list, "b"))).toBe(2);
  expect(pessimisticRank(standingIn(list, "c"))).toBe(2);
  expect(pessimisticRank(standingIn(list, "a"))).toBe(0);
  expect(pessimisticRank(standingIn(list, "e"))).toBe(Infinity);
  expect(standingAmong(list, "c", ["b", "d"])).toEqual({ above: 0, tied: 1 });
  expect(standingAmong(list, "d", ["a", "a", "x", "d"])).toEqual({ above: 2, tied: 0 });
});

test("playlist figures by hand", () => {
  const ranking = Array.from({ length: 500 }, (_, at) => `t${at}`);
  expect(playlistFigures(ranking, new Set(["t0", "t1"]))).toEqual({
    rPrecision: 1,
    recallAt50: 1,
    ndcgAt50: 1,
    clicks: 0,
  });
  const late = playlistFigures(ranking, new Set(["t49", "t50", "x"]));
  expect(late.rPrecision).toBe(0);
  expect(late.recallAt50).toBeCloseTo(1 / 3, 12);
  const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4);
  expect(late.ndcgAt50).toBeCloseTo(1 / Math.log2(51) / ideal, 12);
  expect(late.clicks).toBe(4);
  expect(playlistFigures(ranking, new Set(["x"])).clicks).toBe(51);
  expect(playlistFigures([], new Set(["x"])).clicks).toBe(51);
});

test("chance among playlists, by many shuffles", () => {
  const items = Array.from({ length: 80 }, (_, at) => `t${at}`);
  const targets = new Set(items.slice(0, 3));
  const sums = { rPrecision: 0, recallAt50: 0, ndcgAt50: 0, clicks: 0 };
  const rounds = 4_000;
  // A generator of its own, so that the test does not lean on what it tests.
  let state = 1;
  const below = (end: number) => (state = (state * 48_271) % 2_147_483_647) % end;
  for (let round = 0; round < rounds; round++) {
    const order = [...items];
    for (let at = order.length - 1; at > 0; at--) {
      const other = below(at + 1);
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    const figures = playlistFigures(order, targets);
    for (const name of Object.keys(sums) as (keyof typeof sums)[])
      sums[name] += figures[name] / rounds;
  }
  const theory = randomFigures({ targets: 3, reachable: 3, items: 80 });
  expect(sums.rPrecision).toBeCloseTo(theory.rPrecision, 1);
  expect(sums.recallAt50 / theory.recallAt50).toBeCloseTo(1, 1);
  expect(sums.ndcgAt50 / theory.ndcgAt50).toBeCloseTo(1, 1);
  expect(sums.clicks / theory.clicks).toBeCloseTo(1, 1);
});

import { expect, test } from "vitest";
import type { Probe } from "../../exporting/probe.ts";
import {
  rankingQuality,
  scoreAtRandom,
  scoreByPopularity,
  scoreByVectors,
} from "./ranking-quality.ts";

const probe = (next: number, history: readonly number[] = []): Probe => ({
  user: 0,
  history: Int32Array.from(history),
  next,
});

/** 20 items, the first the best. */
const falling = scoreByPopularity(Float32Array.from({ length: 20 }, (_, i) => 20 - i));

test.each([
  [0, { hr10: 1, ndcg10: 1, mrr: 1 }],
  [2, { hr10: 1, ndcg10: 0.5, mrr: 1 / 3 }],
  [9, { hr10: 1, ndcg10: 1 / Math.log2(11), mrr: 0.1 }],
  [10, { hr10: 0, ndcg10: 0, mrr: 1 / 11 }],
])("a choice at place %i", (next, quality) => {
  expect(rankingQuality([probe(next)], 20, falling)).toEqual(quality);
});

test("what was chosen before is not in the way", () => {
  expect(rankingQuality([probe(10, [0, 3])], 20, falling)).toMatchObject({ hr10: 1, mrr: 1 / 9 });
});

test("quality is the mean over the probes", () => {
  expect(rankingQuality([probe(0), probe(10)], 20, falling)).toEqual({
    hr10: 0.5,
    ndcg10: 0.5,
    mrr: 6 / 11,
  });
});

test("equals are ranked by index, so a model that says nothing finds nothing by luck", () => {
  const flat = scoreByPopularity(new Float32Array(20));
  expect(rankingQuality([probe(12)], 20, flat).mrr).toBe(1 / 13);
});

test("chance finds one in items / 10", () => {
  const probes = Array.from({ length: 4000 }, (_, i) => probe(i % 100));
  expect(rankingQuality(probes, 100, scoreAtRandom(1)).hr10).toBeCloseTo(0.1, 1);
});

test("a known user is his vector, a newcomer the mean of his choices", () => {
  const weights = {
    users: 2,
    items: 3,
    dims: 2,
    userVectors: Float32Array.of(9, 9, 1, -1),
    itemVectors: Float32Array.of(1, 0, 0, 1, 3, 3),
  };
  const scores = new Float32Array(3);
  scoreByVectors(weights)({ user: 1, history: Int32Array.of(0), next: 1 }, scores);
  expect([...scores]).toEqual([1, -1, 0]);
  scoreByVectors(weights)({ user: -1, history: Int32Array.of(0, 1), next: 2 }, scores);
  expect([...scores]).toEqual([0.5, 0.5, 3]);
});

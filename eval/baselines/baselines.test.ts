import { expect, test } from "vitest";
import { bestOf } from "./best-of.ts";
import { learn } from "./learn.ts";

const training = [
  ["a", "b", "c"],
  ["a", "b"],
  ["d", "c", "a"],
];
const learnt = learn({ items: ["a", "b", "c", "d", "e"], training, reach: 1, newest: 2 });
const [popular, together] = learnt.baselines;

test("popularity counts training", () => {
  expect([...popular!.scores([])]).toEqual([3, 2, 2, 1, 0]);
});

test("together are those at most so far apart, whoever came first", () => {
  expect(learnt.similarity(0, 1)).toBeCloseTo(2 / Math.sqrt(3 * 2), 12);
  expect(learnt.similarity(1, 0)).toBe(learnt.similarity(0, 1));
  expect(learnt.similarity(1, 2)).toBeCloseTo(1 / 2, 12);
  // Two places apart.
  expect(learnt.similarity(3, 0)).toBe(0);
});

test("the newest of a history speak, popularity decides between the rest", () => {
  const scores = together!.scores(["d", "x", "b"]);
  const ranked = bestOf(scores, (item) => item === 1, 4).map((item) => learnt.items[item]);
  expect(ranked).toEqual(["a", "c", "d"]);
  const other = bestOf(together!.scores(["d"]), () => false, 2).map((item) => learnt.items[item]);
  expect(other).toEqual(["c", "a"]);
});

test("the best as a sort has them, ties in their order", () => {
  const scores = Float64Array.from({ length: 200 }, (_, i) => (i * 7_919) % 23);
  const sorted = Array.from(scores, (score, item) => ({ score, item }))
    .filter(({ score, item }) => score > 0 && item % 3 !== 0)
    .toSorted((a, b) => b.score - a.score || a.item - b.item);
  const wanted = sorted.slice(0, 20).map(({ item }) => item);
  expect(bestOf(scores, (item) => item % 3 === 0, 20)).toEqual(wanted);
});

test("tables and maps count alike", () => {
  const items = Array.from({ length: 5_001 }, (_, i) => `i${i}`);
  const sequences = [
    ["i1", "i2", "i5000"],
    ["i1", "i2"],
  ];
  const large = learn({ items, training: sequences, reach: 5, newest: 5 });
  const small = learn({ items: ["i1", "i2", "i5000"], training: sequences, reach: 5, newest: 5 });
  const scores = small.baselines[1]!.scores(["i1"]);
  const found = large.baselines[1]!.scores(["i1"]);
  expect([found[1], found[2], found[5_000]]).toEqual([...scores]);
});

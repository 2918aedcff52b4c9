import { expect, test } from "vitest";
import { choicesOf, collectInteractions, popularityOf } from "./interactions.ts";

const lists = [[2, 0], [], [0, 1, 2]];
const collect = (rows: readonly number[][], items = 3) =>
  collectInteractions({ users: rows.length, items }, (user) => Int32Array.from(rows[user]!));

test("choices come back in their order", () => {
  const interactions = collect(lists);
  expect(lists.map((_, user) => [...choicesOf(interactions, user)])).toEqual(lists);
  expect([...interactions.offsets]).toEqual([0, 2, 2, 5]);
});

test("popularity is how many users chose an item", () => {
  expect([...popularityOf(collect(lists))]).toEqual([2, 1, 2]);
});

test("many choices fit", () => {
  const row = Array.from({ length: 10_000 }, (_, i) => i);
  expect([...choicesOf(collect([[], row, [5]], 10_000), 1)]).toEqual(row);
});

test("what cannot be a choice is named", () => {
  expect(() => collect([[0], [3]])).toThrow("user 1 chose item 3 of 3");
  expect(() => collect([[-1]])).toThrow("user 0 chose item -1 of 3");
  expect(() => collect([[1, 2, 1]])).toThrow("user 0 chose item 1 twice");
});

import { expect, test } from "vitest";
import { compareTop } from "./compare-top.ts";

const scored = (...pairs: readonly (readonly [string, number])[]) =>
  pairs.map(([id, score]) => ({ id, score }));
const trained = scored(["a", 3], ["b", 2], ["c", 1.99995], ["d", 1]);

test.each([
  ["the same", trained, { worst: 0, moved: 0 }],
  ["a tie swapped", scored(["a", 3], ["c", 2], ["b", 1.99995], ["d", 1]), { moved: 2 }],
  ["a tie of the last", scored(["a", 3], ["b", 2], ["c", 1.99995], ["e", 1]), { moved: 1 }],
])("%s is the same", (_, served, found) => {
  const { worst, wrongPlace, ...rest } = compareTop(served, trained);
  expect({ worst, ...rest }).toMatchObject(found);
  expect([worst <= 1e-4, wrongPlace]).toEqual([true, undefined]);
});

test.each([
  ["no tie swapped", scored(["b", 3], ["a", 2], ["c", 1.99995], ["d", 1]), 0],
  ["one from outside that is no tie", scored(["a", 3], ["e", 2], ["c", 1.99995], ["d", 1]), 1],
])("%s is another order", (_, served, place) => {
  expect(compareTop(served, trained).wrongPlace).toBe(place);
});

test("scores count at their place and by their item; fewer items are another list", () => {
  const shifted = trained.map(({ id, score }) => ({ id, score: score + 2e-4 }));
  expect(compareTop(shifted, trained).worst).toBeCloseTo(2e-4, 9);
  expect(compareTop(trained.slice(0, 3), trained).worst).toBe(Infinity);
  expect(compareTop([], trained).wrongPlace).toBe(0);
});

test("scores that are no numbers are never those of training", () => {
  const trained = [{ id: "a", score: 1 }];
  expect(compareTop([{ id: "a", score: Number.NaN }], trained).worst).toBe(Infinity);
});

import { expect, test } from "vitest";
import { missing, standingAmong, standingIn } from "./rank.ts";

const of = (...scores: readonly number[]) => scores.map((score, i) => ({ id: `i${i}`, score }));
const others = ["i1", "i2"];

test("a model whose scores are no numbers finds nothing", () => {
  const ranking = of(Number.NaN, Number.NaN, Number.NaN);
  expect(standingAmong(ranking, "i0", others)).toEqual(missing);
  expect(standingIn(ranking, "i0")).toEqual(missing);
});

test("others whose scores are no numbers stand before the target", () => {
  const ranking = of(1, Number.NaN, 0);
  expect(standingAmong(ranking, "i0", others)).toEqual({ above: 1, tied: 0 });
  expect(standingIn(ranking, "i0")).toEqual({ above: 1, tied: 0 });
});

test("infinite scores are scores", () => {
  const ranking = of(-Infinity, Infinity, -Infinity);
  expect(standingAmong(ranking, "i0", others)).toEqual({ above: 1, tied: 1 });
  expect(standingIn(ranking, "i0")).toEqual({ above: 1, tied: 1 });
});

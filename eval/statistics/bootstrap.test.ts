import { expect, test } from "vitest";
import { Random } from "../../models/random.ts";
import { bootstrap } from "./bootstrap.ts";

test("as wide as the theory of means says", () => {
  const users = 2_000;
  const column = Float64Array.from({ length: users }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const [{ mean, low, high }] = bootstrap([column], 0) as [
    { mean: number; low: number; high: number },
  ];
  const expected = 1.96 * Math.sqrt((0.25 * 0.75) / users);
  expect(mean).toBe(0.25);
  expect((high - low) / 2 / expected).toBeGreaterThan(0.9);
  expect((high - low) / 2 / expected).toBeLessThan(1.1);
});

test("the truth is inside in about 95 of 100", () => {
  const random = new Random(7);
  let inside = 0;
  for (let world = 0; world < 200; world++) {
    const column = Float64Array.from({ length: 100 }, () => random.share());
    const [estimate] = bootstrap([column], world);
    if (estimate!.low <= 0.5 && estimate!.high >= 0.5) inside += 1;
  }
  expect(inside).toBeGreaterThan(180);
  expect(inside).toBeLessThan(199);
});

test("columns are drawn together: a difference that is always the same has no width", () => {
  const random = new Random(1);
  const a = Float64Array.from({ length: 50 }, () => random.share());
  const [, , difference] = bootstrap([a, a.map((one) => one + 1), new Float64Array(50).fill(1)], 0);
  expect(difference).toEqual({ mean: 1, low: 1, high: 1 });
  expect(bootstrap([a], 5)).toEqual(bootstrap([a], 5));
  expect(bootstrap([a], 5)).not.toEqual(bootstrap([a], 6));
});

test("what says nothing is left out, and of nobody there is no mean", () => {
  const [some, none] = bootstrap(
    [Float64Array.of(1, Number.NaN, 3), Float64Array.of(Number.NaN, Number.NaN, Number.NaN)],
    0,
  );
  expect(some!.mean).toBe(2);
  expect(none).toEqual({ mean: Number.NaN, low: Number.NaN, high: Number.NaN });
  expect(bootstrap([new Float64Array()], 0)[0]!.mean).toBeNaN();
});

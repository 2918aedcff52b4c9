import { expect, test } from "vitest";
import { Random } from "./random.ts";

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.bits());

test("the same seed gives the same numbers, on every machine", () => {
  expect(take(new Random(1), 3)).toEqual(take(new Random(1), 3));
  expect(take(new Random(1, 2), 3)).toEqual([4198616899, 3289234483, 488419817]);
});

test("neighbouring seeds and streams have nothing in common", () => {
  const numbers = [new Random(1), new Random(2), new Random(1, 1), new Random(2, 1)].flatMap((r) =>
    take(r, 1000),
  );
  expect(new Set(numbers).size).toBe(4000);
});

test("numbers spread evenly", () => {
  const counts = new Int32Array(10);
  const random = new Random(7);
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("shares stay below 1", () => {
  const random = new Random(3);
  const shares = Array.from({ length: 10_000 }, () => random.share());
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shares)).toBeLessThan(1);
});

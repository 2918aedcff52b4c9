import { expect, test } from "vitest";
import { isChosen } from "./choose.ts";

const numbers = Array.from({ length: 100_000 }, (_, number) => number);

test("chooses about as many as asked for, the same ones again, others from another seed", () => {
  const chosen = numbers.filter((number) => isChosen(number, 250, 1));
  expect(Math.abs(chosen.length - 2_500)).toBeLessThan(4 * Math.sqrt(2_500));
  expect(numbers.filter((number) => isChosen(number, 250, 1))).toEqual(chosen);
  const others = numbers.filter((number) => isChosen(number, 250, 2));
  expect(others.filter((number) => chosen.includes(number)).length).toBeLessThan(150);
});

test("0 of 10,000 are none, 10,000 are all", () => {
  expect(numbers.some((number) => isChosen(number, 0, 1))).toBe(false);
  expect(numbers.every((number) => isChosen(number, 10_000, 1))).toBe(true);
});

import { expect, test } from "vitest";
import { areClose } from "./body-trial.ts";

const scores = Array.from({ length: 30 }, (_, i) => Math.sin(i));
const shifted = scores.map((score, i) => (i === 7 ? score + 0.01 : score));

test("numbers that lie as far apart as kernels that add in another order are the same", () => {
  const next = scores.map((score) => score + 1e-6);
  expect(areClose(Float32Array.from(scores), Float32Array.from(next))).toBe(true);
  expect(areClose(Float32Array.from(scores), Float32Array.from(shifted))).toBe(false);
});

test.each([-1e9, -Infinity, -1e4])("what a model masks with %d hides no difference", (mask) => {
  const masked = (values: readonly number[]) => Float32Array.from([...values, mask, mask]);
  expect(areClose(masked(scores), masked(scores))).toBe(true);
  expect(areClose(masked(scores), masked(shifted))).toBe(false);
});

test("what is no number is like nothing", () => {
  expect(areClose(Float32Array.of(Number.NaN, 1), Float32Array.of(Number.NaN, 1))).toBe(false);
});

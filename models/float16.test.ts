import { expect, test } from "vitest";
import { fromBfloat16, fromFloat16, toFloat16 } from "./float16.ts";

const all = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half);
const isNumber = (half: number) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0;

test("every float16 comes back from float32 as it was", () => {
  const halves = all.filter(isNumber);
  expect(toFloat16(fromFloat16(halves))).toEqual(halves);
});

test("half way between two, the even one is taken; a bit more or less decides", () => {
  const halves = all.filter((half) => half < 0x7bff);
  const values = fromFloat16(halves);
  const next = fromFloat16(halves.map((half) => half + 1));
  const middles = values.map((value, i) => (value + next[i]!) / 2);
  const nearer = (factor: number) => middles.map((middle) => middle * factor);
  expect(toFloat16(middles)).toEqual(halves.map((half) => half + (half & 1)));
  expect(toFloat16(nearer(1 - 2 ** -20))).toEqual(halves);
  expect(toFloat16(nearer(1 + 2 ** -20))).toEqual(halves.map((half) => half + 1));
});

test.each([
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-1e9, 0xfc00],
  [2 ** -25, 0],
  [-(2 ** -24), 0x8001],
  [-0, 0x8000],
  [Infinity, 0x7c00],
  [Number.NaN, 0x7e00],
])("%d is %i", (value, half) => {
  expect(toFloat16(Float32Array.of(value))).toEqual(Uint16Array.of(half));
});

test("bfloat16 is the upper half of float32", () => {
  expect(fromBfloat16(Uint16Array.of(0x3f80, 0xc049, 0x7f80))).toEqual(
    Float32Array.of(1, -3.140625, Infinity),
  );
});

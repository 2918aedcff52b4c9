import { expect, test } from "vitest";
import { slopeOf } from "./slope.ts";

const sawtooth = (perSecond: number) =>
  Array.from({ length: 240 }, (_, i) => ({
    atMs: 250 * i,
    value: 400 + (perSecond * i) / 4 + 10 * ((i * 7) % 13),
  }));

test("a slope is found through the ups and downs", () => {
  const { perSecond, error } = slopeOf(sawtooth(2), 5_000);
  expect(Math.abs(perSecond - 2)).toBeLessThan(0.1);
  expect(error).toBeLessThan(0.1);
});

test("ups and downs alone are no slope that stands out from its error", () => {
  const { perSecond, error } = slopeOf(sawtooth(0), 5_000);
  expect(Math.abs(perSecond)).toBeLessThan(2 * error);
});

test("two windows prove nothing", () => {
  expect(slopeOf(sawtooth(1).slice(0, 30), 5_000).error).toBe(Infinity);
});

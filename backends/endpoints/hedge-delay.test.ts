import { expect, test } from "vitest";
import { createHedgeDelay } from "./hedge-delay.ts";

function delayAfter(latencies: readonly number[], rows = 1) {
  const delay = createHedgeDelay();
  for (const ms of latencies) delay.answered(rows, ms);
  return delay;
}

test("three times what nearly all answers took, and at least 20 ms", () => {
  const many = Array.from({ length: 200 }, (_, i) => (i % 100 === 0 ? 200 : 10));
  expect(delayAfter(many).delayMs(1, 1_000)).toBe(30);
  expect(delayAfter([2, 2, 2]).delayMs(1, 1_000)).toBe(20);
});

test("the other endpoint has the larger part of the time that is left", () => {
  expect(delayAfter([50]).delayMs(1, 240)).toBe(96);
  expect(createHedgeDelay().delayMs(1, 240)).toBe(96);
});

test("without a deadline and without experience nobody is asked twice", () => {
  expect(createHedgeDelay().delayMs(1, Infinity)).toBe(Infinity);
  expect(delayAfter([10], 256).delayMs(1, Infinity)).toBe(Infinity);
});

test("a time is long when others had their answers by then, and never when it is short", () => {
  const delay = delayAfter([30, 30, 30]);
  expect([89, 90].map((ms) => delay.isLong(1, ms))).toEqual([false, true]);
  expect([49, 50].map((ms) => createHedgeDelay().isLong(1, ms))).toEqual([false, true]);
});

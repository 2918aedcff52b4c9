import { expect, test } from "vitest";
import { formatBytes, formatDuration, formatMs, formatNumber, formatShare } from "./figures.ts";

test.each([
  [0, "0 ms"],
  [0.0004, "0.000 ms"],
  [0.412, "0.412 ms"],
  [9.994, "9.99 ms"],
  [9.996, "10.0 ms"],
  [18.27, "18.3 ms"],
  [1_240, "1,240 ms"],
  [12_340, "12.3 s"],
  [NaN, "–"],
])("%d ms is %s", (ms, text) => expect(formatMs(ms)).toBe(text));

test.each([
  [0, "0%"],
  [0.000_001, "<0.001%"],
  [0.000_5, "0.050%"],
  [0.001_2, "0.12%"],
  [0.5, "50.00%"],
  [0.999_99, "99.999%"],
  [0.999_999_9, ">99.999%"],
  [1, "100%"],
])("a share of %d is %s", (share, text) => expect(formatShare(share)).toBe(text));

test.each([
  [0, "0 ms"],
  [850, "850 ms"],
  [1_500, "1.5 s"],
  [2_000, "2 s"],
  [59_700, "1 min 00 s"],
  [245_000, "4 min 05 s"],
  [7_380_000, "2 h 03 min"],
])("%d ms last %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test("bytes and negative numbers", () => {
  expect([0, 999, 1_000, 1.2e6].map(formatBytes)).toEqual(["0 B", "999 B", "1.00 kB", "1.20 MB"]);
  expect([-0.25, -1.5, -1_234_567].map(formatNumber)).toEqual(["-0.250", "-1.50", "-1,234,567"]);
});

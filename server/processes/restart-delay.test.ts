import { expect, test } from "vitest";
import { restartDelay } from "./restart-delay.ts";

const long = 3_600_000;

test("a worker that lived long is replaced at once", () => {
  expect(restartDelay({ livedMs: [long] })).toBe(250);
  expect(restartDelay({ livedMs: [5, 5, 5, long] })).toBe(250);
});

test("workers that die at their start are replaced ever more slowly, and then not any more", () => {
  const delays = Array.from({ length: 9 }, (_, i) =>
    restartDelay({ livedMs: Array<number>(i + 1).fill(10) }),
  );
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, undefined]);
});

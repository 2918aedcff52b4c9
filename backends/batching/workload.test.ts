import * as fc from "fast-check";
import { expect, test } from "vitest";
import { endMs, waitMs } from "./workload.ts";

const ms = fc.double({ min: 0, max: 1e4, noNaN: true });

test("work is shared out so that all who take part are done at the same time", () => {
  fc.assert(
    fc.property(fc.array(ms, { minLength: 1, maxLength: 8 }), ms, (leftMs, workMs) => {
      const untilMs = waitMs(leftMs, workMs);
      const sharedMs = leftMs.reduce((sum, left) => sum + Math.max(0, untilMs - left), 0);
      expect(sharedMs).toBeCloseTo(workMs, 6);
      expect(untilMs).toBeGreaterThanOrEqual(Math.min(...leftMs));
    }),
  );
});

const waits: Record<string, [leftMs: number[], workMs: number, expectedMs: number]> = {
  "an idle session": [[0], 0, 0],
  "a busy one with a queue": [[6], 11, 17],
  "one that hangs beside one that idles": [[10_000, 0], 5, 5],
  none: [[], 0, Infinity],
};

test.each(Object.keys(waits))("the wait for %s", (name) => {
  const [leftMs, workMs, expectedMs] = waits[name]!;
  expect(waitMs(leftMs, workMs)).toBe(expectedMs);
});

const ends: Record<string, [leftMs: number[], rows: number, expectedMs: number]> = {
  "one batch": [[0, 0], 4, 14],
  "a batch for each session": [[0, 0], 8, 14],
  "a batch more than sessions": [[0, 0], 12, 28],
  "batches for sessions that are free at different times": [[5, 0], 8, 19],
  "batches for the one session that does not hang": [[10_000, 0], 12, 42],
  "no rows": [[3], 0, 3],
  "rows without a session": [[], 4, Infinity],
};

test.each(Object.keys(ends))("the end of %s", (name) => {
  const [leftMs, rows, expectedMs] = ends[name]!;
  const usual = { runTime: { fixedMs: 10, rowMs: 1 }, maxBatch: 4 };
  expect(endMs(leftMs, 0, { rows, usual })).toBe(expectedMs);
});

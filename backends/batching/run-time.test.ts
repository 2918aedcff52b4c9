import * as fc from "fast-check";
import { expect, test } from "vitest";
import { learn, lineThrough, predictMs, scaleTo } from "./run-time.ts";

const maxBatch = 128;
/** Measured: 180,000 items of 128 dimensions, quantized. */
const measured = [
  { rows: 1, ms: 0.73 },
  { rows: 8, ms: 2.51 },
  { rows: 32, ms: 7.53 },
  { rows: 128, ms: 25.5 },
];

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test("a line through warm-up runs predicts those between them", () => {
  const line = lineThrough(measured);
  for (const { rows, ms } of measured)
    expect(Math.abs(predictMs(line, rows) / ms - 1)).toBeLessThan(0.25);
});

test("a line through runs of one size, or none, is flat", () => {
  expect(lineThrough([{ rows: 4, ms: 3 }])).toEqual({ fixedMs: 3, rowMs: 0 });
  expect(lineThrough([])).toEqual({ fixedMs: 0, rowMs: 0 });
});

test("learns a true line from runs of any sizes, from up to ten times off", () => {
  fc.assert(
    fc.property(
      fc.record({ fixedMs: number(0.1, 50), rowMs: number(0.001, 5) }),
      fc.tuple(number(0.1, 10), number(0.1, 10)),
      fc.infiniteStream(fc.integer({ min: 1, max: maxBatch })),
      (truth, [fixedOff, rowOff], sizes) => {
        const line = { fixedMs: truth.fixedMs * fixedOff, rowMs: truth.rowMs * rowOff };
        for (const rows of sizes.take(600))
          learn(line, { rows, ms: predictMs(truth, rows) }, maxBatch);
        for (const rows of [1, 32, 128]) {
          const error = Math.abs(predictMs(line, rows) - predictMs(truth, rows));
          expect(error).toBeLessThan(0.02 * predictMs(truth, maxBatch));
        }
      },
    ),
  );
});

test("an hour of full batches does not forget what a single row costs", () => {
  const line = lineThrough(measured);
  for (let i = 0; i < 100_000; i++)
    learn(line, { rows: 128, ms: 25.5 * (0.9 + 0.2 * ((i * 0.618) % 1)) }, maxBatch);
  expect(predictMs(line, 1)).toBeGreaterThan(0.4);
  expect(predictMs(line, 1)).toBeLessThan(1.5);
});

test("one hiccup is not the new normal", () => {
  const line = lineThrough(measured);
  learn(line, { rows: 1, ms: 5_000 }, maxBatch);
  expect(predictMs(line, 1)).toBeLessThan(1.1);
});

test("follows a machine that became slower, even from zero", () => {
  const line = { fixedMs: 0, rowMs: 0 };
  for (let i = 0; i < 100; i++) learn(line, { rows: 8, ms: 40 }, maxBatch);
  expect(predictMs(line, 8)).toBeCloseTo(40, 1);
});

test("a borrowed line keeps its shape and takes its height from the first run", () => {
  const line = { fixedMs: 1, rowMs: 0.1 };
  scaleTo(line, { rows: 10, ms: 6 });
  expect(line).toEqual({ fixedMs: 3, rowMs: expect.closeTo(0.3) });
});

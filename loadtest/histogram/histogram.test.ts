import { array, assert, double, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { createHistogram, joinHistograms } from "./create-histogram.ts";
import { readHistogram } from "./read-histogram.ts";

/** From 1 us to 60 s, as many of each order of magnitude. */
const times = double({ min: Math.log(0.001), max: Math.log(60_000), noNaN: true }).map((log) =>
  Math.exp(log),
);

const samples = array(times, { minLength: 1, maxLength: 400 });
const shares = [0, 0.01, 0.5, 0.75, 0.9, 0.99, 0.999, 1];

function histogramOf(values: readonly number[]) {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** By the definition: the smallest value that at least this share of all are not above. */
function exactly(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)]!;
}

function allowedError(ms: number): number {
  return Math.max(0.0005 * ms, 0.0005) + 1e-9;
}

test("percentiles are off by 0.05% or half a microsecond at most", () => {
  assert(
    property(samples, (values) => {
      const histogram = histogramOf(values);
      for (const share of shares) {
        const truth = exactly(values, share);
        expect(Math.abs(histogram.at(share) - truth)).toBeLessThanOrEqual(allowedError(truth));
      }
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(histogram.count).toBe(values.length);
      expect(Math.abs(histogram.meanMs - mean)).toBeLessThanOrEqual(allowedError(mean) + 0.0005);
      expect(histogram.minMs).toBe(histogram.at(0));
      expect(histogram.maxMs).toBe(histogram.at(1));
    }),
  );
});

test("joined parts are what one histogram of all would be", () => {
  assert(
    property(array(samples, { maxLength: 5 }), (parts) => {
      const joined = joinHistograms(parts.map(histogramOf));
      expect([...joined.buckets()]).toEqual([...histogramOf(parts.flat()).buckets()]);
    }),
  );
});

test("a saved histogram comes back as it was", () => {
  assert(
    property(samples, integer({ min: 1, max: 2 ** 31 }), (values, times) => {
      const histogram = histogramOf(values);
      histogram.record(values[0]!, times);
      const read = readHistogram(histogram.encode());
      expect([...read.buckets()]).toEqual([...histogram.buckets()]);
      expect(read.encode()).toBe(histogram.encode());
    }),
  );
});

test("reads what hdr-histogram-js wrote", () => {
  const values = Array.from({ length: 200 }, (_, power) => Math.min(60_000, 1.1 ** power / 1_000));
  const histogram = histogramOf(values);
  histogram.record(50, 100_000);
  // 3 digits, 1 to 60,000,000, these values in whole microseconds.
  const written =
    "HISTFAAAASt4nKXPsUvVYRTG8ff53CuVFiERFSQNDQ0NDY4Ojo1Nzc39Ac0NFiIhEheJcoiGiBCREAdxqIgICxGREAkREQm5SERERETxewWH1s5zDpwznIfvc/5O51QpeV9KSSmlVQ6q2UurM1oO797eo+12u+2gStONWnUa9ehxpOqYPn1OOKlfv9POOGfABRddctkVg4YMu+qa62646ZbbxmMqpmMxVmI3fsUkL1jhK0uxFd9jnOe8Y48fsRFfYpQnvGSTZ6zFXvyJKeb5WHs5duJn3GeWZfY175vxLe4xmVePjk/EG3YZYz26cZfHLFbveVbjc/yOB8yxxg4fYjsNzgQzLNHVIHyqdGM85TXbPKx03RjR0C2wwVv/FXqr+v8Ter2yHYbuVLBZZ/8CDsJpMg==";
  expect([...readHistogram(written).buckets()]).toEqual([...histogram.buckets()]);
});

test("values outside are counted at the border, and no number as the worst", () => {
  const histogram = histogramOf([-3, 0, 61_000, Infinity, Number.NaN]);
  expect([...histogram.buckets()]).toEqual([
    [0.001, 2],
    [expect.closeTo(60_000, -2), 3],
  ]);
});

test("an empty one is all zeros, saved and read as well", () => {
  for (const empty of [createHistogram(), readHistogram(createHistogram().encode())]) {
    const { count, minMs, maxMs, meanMs } = empty;
    expect([count, minMs, maxMs, meanMs, empty.at(0.5)]).toEqual([0, 0, 0, 0, 0]);
  }
});

test("a snapshot does not change with what is recorded later; a cleared one starts anew", () => {
  const histogram = histogramOf([1, 2, 3]);
  const snapshot = histogram.snapshot();
  histogram.record(4);
  expect(snapshot.count).toBe(3);
  histogram.clear();
  expect(histogram.count).toBe(0);
});

test("says what is wrong with a text that is no histogram", () => {
  const saved = histogramOf([1, 20, 300]).encode();
  expect(() => readHistogram("p99=3")).toThrow("no base64 of a compressed V2 histogram");
  expect(() => readHistogram(saved.slice(0, 20))).toThrow("damaged");
  expect(() => readHistogram("")).toThrow("this is not a saved histogram");
});

import { expect, test } from "vitest";
import { maxBatch, rowBytes, type BatchLimits } from "./max-batch.ts";

const limits: BatchLimits = {
  itemDims: 50,
  userDims: 50,
  heads: 1,
  hidden: 100,
  survivorsPerResult: 4,
  itemCount: 3_416,
  intermediateBytes: 128 * 2 ** 20,
};

test.each([
  [16, 128],
  [64, 100],
  [200, 32],
])("sequences of length %i run in batches of up to %i", (length, rows) => {
  expect(maxBatch({ length, candidates: 0, fetch: 16 }, limits)).toBe(rows);
});

test.each([1, 8])("the intermediates of the largest batch fit, with %i heads", (heads) => {
  const lane = { length: 200, candidates: 0, fetch: 1024 };
  const tight = { ...limits, heads, itemCount: 200_000, intermediateBytes: 40e6 };
  const rows = maxBatch(lane, tight);
  expect(rows * rowBytes(lane, tight)).toBeLessThanOrEqual(tight.intermediateBytes);
  expect((rows + 1) * rowBytes(lane, tight)).toBeGreaterThan(tight.intermediateBytes);
});

test("one row runs however large it is", () => {
  const lane = { length: 200, candidates: 0, fetch: 16 };
  expect(maxBatch(lane, { ...limits, intermediateBytes: 1 })).toBe(1);
});

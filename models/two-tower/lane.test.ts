import { expect, test } from "vitest";
import { maxBatch } from "./lane.ts";

const lane = { history: 0, candidates: 0, fetch: 1024 };
const limits = { bestBatch: 128, intermediateBytes: 128 * 2 ** 20, dims: 128, itemCount: 100_000 };

test.each([0, 4, 16])(
  "the intermediates of the largest batch fit, with %i survivors for each result",
  (survivorsPerResult) => {
    const rows = maxBatch(lane, { ...limits, survivorsPerResult });
    const rowBytes = 4 * (survivorsPerResult * lane.fetch * limits.dims + limits.itemCount);
    expect(rows * rowBytes).toBeLessThanOrEqual(limits.intermediateBytes);
    expect((rows + 1) * rowBytes > limits.intermediateBytes || rows === limits.bestBatch).toBe(
      true,
    );
  },
);

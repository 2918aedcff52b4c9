import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { randomWeights } from "../two-tower/random-weights.ts";
import { quantizeItems } from "./quantize.ts";
import type { ScoredVectors } from "./quantize.ts";
import { quantizedForms } from "./quantized-form.ts";

const [plain, equalized, , withItemScales] = quantizedForms as [
  ...(typeof quantizedForms & { length: 4 }),
];

function weightsOf(itemVectors: number[][], userVectors: number[][]): ScoredVectors {
  return {
    items: itemVectors.length,
    dims: itemVectors[0]!.length,
    itemVectors: Float32Array.from(itemVectors.flat()),
    userVectors: Float32Array.from(userVectors.flat()),
  };
}

test("one scale for all: the largest number becomes 127, one dimension after the other", () => {
  const weights = weightsOf(
    [
      [1, -2],
      [0, 0.5],
    ],
    [[1, 1]],
  );
  expect(quantizeItems(weights, plain!)).toEqual({
    codes: Int8Array.of(64, 0, -127, 32),
    userFactors: undefined,
    itemScales: undefined,
  });
});

test("equalized: a dimension that is large for items and small for users gives some of it away", () => {
  const weights = weightsOf(
    [
      [100, 1],
      [-50, 1],
    ],
    [
      [1, 1],
      [-1, 0.5],
    ],
  );
  const { codes, userFactors } = quantizeItems(weights, equalized!);
  expect(userFactors).toEqual(Float32Array.of(10, 1));
  expect(codes).toEqual(Int8Array.of(127, -64, 13, 13));
});

test("item scales: every item uses the whole range", () => {
  const weights = weightsOf(
    [
      [100, 50],
      [0.1, -0.2],
    ],
    [[0, 0]],
  );
  const { codes, itemScales } = quantizeItems(weights, withItemScales!);
  expect(codes).toEqual(Int8Array.of(127, 64, 64, -127));
  expect(itemScales).toEqual(Float32Array.of(100 / 127, Math.fround(0.2) / 127));
});

test.each(quantizedForms)("$name: an item of zeros stays one", (form) => {
  const { codes } = quantizeItems(
    weightsOf(
      [
        [0, 0],
        [0, 0],
      ],
      [[0, 0]],
    ),
    form,
  );
  expect(codes).toEqual(new Int8Array(4));
});

test.each(quantizedForms)(
  "$name: undone, every number is within half a step of what it was",
  (form) => {
    const weights = randomWeights({ users: 20, items: 300, dims: 12, normSpan: 10 }, new Random(5));
    const { codes, userFactors, itemScales } = quantizeItems(weights, form);
    const factor = (dim: number) => userFactors?.[dim] ?? 1;
    const largest = weights.itemVectors.reduce(
      (most, value, i) => Math.max(most, Math.abs(value) / factor(i % 12)),
      0,
    );
    weights.itemVectors.forEach((value, i) => {
      const [item, dim] = [Math.floor(i / 12), i % 12];
      const step = (itemScales?.[item] ?? largest / 127) * factor(dim);
      const error = Math.abs(codes[dim * 300 + item]! * step - value);
      expect(error).toBeLessThanOrEqual(step * 0.5001);
    });
  },
);

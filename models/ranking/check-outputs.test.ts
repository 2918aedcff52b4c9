import { expect, test } from "vitest";
import type { Tensors } from "../tensors.ts";
import { checkOutputs } from "./check-outputs.ts";

const expected = { rows: 2, width: 2, itemCount: 5 };

function outputs(ids: readonly number[], scores: readonly number[], dims = [2, 2]): Tensors {
  return {
    ids: { type: "int32", dims, data: Int32Array.from(ids) },
    scores: { type: "float32", dims, data: Float32Array.from(scores) },
  };
}

test("takes items with their scores, and padding behind them", () => {
  checkOutputs(outputs([4, 0, 3, -1], [1, -2, 0, -Infinity]), expected);
});

test.each([
  [
    "an item that is not there",
    outputs([4, 5, 3, -1], [1, 2, 0, 0]),
    "row 0 of a batch of 2 has item 5",
  ],
  ["a negative item", outputs([4, 0, -2, 1], [1, 2, 0, 0]), "row 1 of a batch of 2 has item -2"],
  [
    "NaN",
    outputs([4, 0, 3, 1], [1, 2, 0, NaN]),
    "row 1 of a batch of 2 gives item 1 the score NaN",
  ],
  ["Infinity", outputs([4, 0, 3, 1], [Infinity, 2, 0, 0]), "gives item 4 the score Infinity"],
  ["a row of nothing", outputs([4, 0, -1, -1], [1, 2, 0, 0]), "row 1 of a batch of 2 has no items"],
  ["fewer rows", outputs([4, 0], [1, 2], [1, 2]), "dims [1, 2] where [2, 2]"],
])("refuses %s", (_, found, says) => {
  expect(() => checkOutputs(found, expected)).toThrow(says);
});

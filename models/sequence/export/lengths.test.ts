import { expect, test } from "vitest";
import { lengthsFor } from "./lengths.ts";

test.each([
  [10, [10]],
  [16, [16]],
  [50, [16, 32, 50]],
  [200, [16, 32, 64, 96, 128, 160, 200]],
  [512, [16, 32, 64, 96, 128, 160, 192, 224, 256, 320, 400, 512]],
])("up to %i items there are %j", (maxLength, lengths) => {
  expect(lengthsFor(maxLength)).toEqual(lengths);
});

import { quantizeRows } from "../../exporting/quantize-rows.ts";
import {
  createWeightFiles,
  withRow,
  type WeightContents,
  type WeightFiles,
} from "../../exporting/weight-files.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { toFloat16 } from "../../float16.ts";
import { bodyOf, quantizedBodyOf } from "../../ranking/body-tensors.ts";
import { bodyTensors } from "../body.ts";
import { coldStartParts, weightFiles } from "../parts.ts";
import type { ColdStartWeights } from "../weights.ts";

export function createColdStartFiles(folder: PartsFolder, weights: ColdStartWeights): WeightFiles {
  return createWeightFiles(folder, {
    parts: coldStartParts,
    files: weightFiles,
    contents: contentsOf(weights),
  });
}

function contentsOf(
  weights: ColdStartWeights,
): WeightContents<keyof typeof weightFiles>["contents"] {
  const { itemVectors, dims, gramVectors, text } = weights;
  const tensors = bodyTensors(weights);
  const items = () => withRow(itemVectors, new Float32Array(dims));
  const grams = () => withRow(gramVectors, new Float32Array(text.dims));
  return {
    itemVectors: items,
    itemHalves: () => toFloat16(items()),
    itemCodes: () => quantizeRows(items(), dims).codes,
    itemScales: () => quantizeRows(items(), dims).scales,
    gramVectors: grams,
    gramHalves: () => toFloat16(grams()),
    gramCodes: () => quantizeRows(grams(), text.dims).codes,
    gramScales: () => quantizeRows(grams(), text.dims).scales,
    body: () => bodyOf(tensors, weights),
    bodyHalves: () => toFloat16(bodyOf(tensors, weights)),
    bodyCodes: () => quantizedBodyOf(tensors, weights).codes,
    bodyScales: () => quantizedBodyOf(tensors, weights).floats,
  };
}

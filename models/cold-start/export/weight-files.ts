import { bodyOf, quantizedBodyOf } from "../../exporting/body-of.ts";
import { quantizeRows } from "../../exporting/quantize-rows.ts";
import {
  createWeightFiles,
  type WeightContents,
  type WeightFiles,
} from "../../exporting/weight-files.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { eachOf, piecesOf } from "../../exporting/table-pieces.ts";
import { toFloat16 } from "../../float16.ts";
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
  const items = () => piecesOf(itemVectors, new Float32Array(dims));
  const grams = () => piecesOf(gramVectors, new Float32Array(text.dims));
  return {
    itemVectors: items,
    itemHalves: () => eachOf(items(), toFloat16),
    itemCodes: () => eachOf(items(), (rows) => quantizeRows(rows, dims).codes),
    itemScales: () => eachOf(items(), (rows) => quantizeRows(rows, dims).scales),
    gramVectors: grams,
    gramHalves: () => eachOf(grams(), toFloat16),
    gramCodes: () => eachOf(grams(), (rows) => quantizeRows(rows, text.dims).codes),
    gramScales: () => eachOf(grams(), (rows) => quantizeRows(rows, text.dims).scales),
    body: () => bodyOf(tensors, weights),
    bodyHalves: () => toFloat16(bodyOf(tensors, weights)),
    bodyCodes: () => quantizedBodyOf(tensors, weights).codes,
    bodyScales: () => quantizedBodyOf(tensors, weights).floats,
  };
}

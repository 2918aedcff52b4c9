import { toFloat16 } from "../../float16.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizeRows } from "../../exporting/quantize-rows.ts";
import {
  createWeightFiles,
  withRow,
  type WeightContents,
  type WeightFiles,
} from "../../exporting/weight-files.ts";
import { bodyOf, quantizedBodyOf } from "../../ranking/body-tensors.ts";
import { bodyTensors } from "../body.ts";
import { sequenceParts, weightFiles } from "../parts.ts";
import type { SequenceWeights } from "../weights.ts";

type WeightName = keyof typeof weightFiles;

export function createSequenceFiles(folder: PartsFolder, weights: SequenceWeights): WeightFiles {
  return createWeightFiles(folder, {
    parts: sequenceParts,
    files: weightFiles,
    contents: contentsOf(weights),
  });
}

function contentsOf(weights: SequenceWeights): WeightContents<WeightName>["contents"] {
  const { itemVectors, itemDims, userVectors, userDims } = weights;
  const tensors = bodyTensors(weights);
  const items = () => withRow(itemVectors, new Float32Array(itemDims));
  const users = () => withRow(userVectors, meanRow(userVectors, userDims));
  return {
    itemVectors: items,
    itemHalves: () => toFloat16(items()),
    itemCodes: () => quantizeRows(items(), itemDims).codes,
    itemScales: () => quantizeRows(items(), itemDims).scales,
    userVectors: users,
    userHalves: () => toFloat16(users()),
    userCodes: () => quantizeRows(users(), userDims).codes,
    userScales: () => quantizeRows(users(), userDims).scales,
    meanUser: () => meanRow(userVectors, userDims),
    body: () => bodyOf(tensors, weights),
    bodyHalves: () => toFloat16(bodyOf(tensors, weights)),
    bodyCodes: () => quantizedBodyOf(tensors, weights).codes,
    bodyScales: () => quantizedBodyOf(tensors, weights).floats,
  };
}

/** Added up in double precision. */
function meanRow(table: Float32Array, dims: number): Float32Array {
  const sums = new Float64Array(dims);
  table.forEach((value, i) => (sums[i % dims]! += value));
  return Float32Array.from(sums, (sum) => (sum * dims) / table.length);
}

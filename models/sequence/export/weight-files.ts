import { bodyOf, quantizedBodyOf } from "../../exporting/body-of.ts";
import { toFloat16 } from "../../float16.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizeRows } from "../../exporting/quantize-rows.ts";
import {
  createWeightFiles,
  type WeightContents,
  type WeightFiles,
} from "../../exporting/weight-files.ts";
import { eachOf, piecesOf } from "../../exporting/table-pieces.ts";
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
  const items = () => piecesOf(itemVectors, new Float32Array(itemDims));
  const users = () => piecesOf(userVectors, meanRow(userVectors, userDims));
  return {
    itemVectors: items,
    itemHalves: () => eachOf(items(), toFloat16),
    itemCodes: () => eachOf(items(), (rows) => quantizeRows(rows, itemDims).codes),
    itemScales: () => eachOf(items(), (rows) => quantizeRows(rows, itemDims).scales),
    userVectors: users,
    userHalves: () => eachOf(users(), toFloat16),
    userCodes: () => eachOf(users(), (rows) => quantizeRows(rows, userDims).codes),
    userScales: () => eachOf(users(), (rows) => quantizeRows(rows, userDims).scales),
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

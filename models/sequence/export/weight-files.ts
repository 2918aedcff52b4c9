import { toFloat16 } from "../../float16.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizeRows } from "../../exporting/quantize-rows.ts";
import { bodyOf, quantizedBodyOf } from "../body.ts";
import { sequenceParts, weightFiles } from "../parts.ts";
import type { SequenceWeights } from "../weights.ts";

type WeightName = keyof typeof weightFiles;
type Content = Uint8Array | Int8Array | Uint16Array | Float32Array;

/** Writes the files that graphs read, each once however many graphs ask for it. */
export interface WeightFiles {
  /** @param files As graphs name them; those that are none of `weightFiles` are passed over. */
  write(files: readonly string[]): Promise<void>;
}

export function createWeightFiles(folder: PartsFolder, weights: SequenceWeights): WeightFiles {
  const contents = contentsOf(weights);
  const written = new Set<WeightName>();
  return {
    async write(files) {
      for (const name of Object.keys(weightFiles) as WeightName[]) {
        if (!files.includes(weightFiles[name]) || written.has(name)) continue;
        written.add(name);
        const part = sequenceParts[name];
        const extension = weightFiles[name].slice(part.length + 1);
        await folder.add(part, extension, contents[name]());
      }
    },
  };
}

function contentsOf(weights: SequenceWeights): Readonly<Record<WeightName, () => Content>> {
  const { itemVectors, itemDims, userVectors, userDims } = weights;
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
    body: () => bodyOf(weights),
    bodyHalves: () => toFloat16(bodyOf(weights)),
    bodyCodes: () => quantizedBodyOf(weights).codes,
    bodyScales: () => quantizedBodyOf(weights).floats,
  };
}

function withRow(table: Float32Array, row: Float32Array): Float32Array {
  const joined = new Float32Array(table.length + row.length);
  joined.set(table);
  joined.set(row, table.length);
  return joined;
}

/** Added up in double precision. */
function meanRow(table: Float32Array, dims: number): Float32Array {
  const sums = new Float64Array(dims);
  table.forEach((value, i) => (sums[i % dims]! += value));
  return Float32Array.from(sums, (sum) => (sum * dims) / table.length);
}

import type { DecodedTensor } from "../../onnx/decode/model.ts";
import type { HeadWeights } from "./head-vectors.ts";
import type { ReadModel } from "./read-model.ts";

const float32 = 1;

/**
 * What to multiply hidden vectors with, where the model leaves that to its caller: the matrix that somebody named, or the table where the
 * ids became vectors. Undefined: the output has not the width of vectors, so it must be scores.
 */
export function findVectorHead(
  { model, table }: ReadModel,
  width: number,
  named: string | undefined,
): HeadWeights | undefined {
  const matrices = model.graph.initializers.filter(
    ({ typeCode, dims }) => typeCode === float32 && dims.length === 2 && dims.includes(width),
  );
  if (named === undefined) {
    return table !== undefined && table.dims === width ? whole(table.tensor, true) : undefined;
  }
  const found = matrices.find(({ name }) => name === named);
  if (found !== undefined) return whole(found, found.dims[1] === width);
  const names = matrices.map(({ name, dims }) => `${name} [${dims.join(", ")}]`).join(", ");
  throw new Error(
    `there is no matrix "${named}" with a side of ${width} for --head; there is ${names || "none"}`,
  );
}

function whole(weight: DecodedTensor, isTransposed: boolean): HeadWeights {
  return { weight, isTransposed, bias: undefined, weightFactor: 1, biasFactor: 1, offset: 0 };
}

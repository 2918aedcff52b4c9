import type { DecodedTensor } from "../../onnx/decode/model.ts";
import { tensorFloats, type FindExternal } from "../../onnx/decode/tensor-data.ts";

/** What hidden vectors are multiplied with, however the file writes it. */
export interface HeadWeights {
  readonly weight: DecodedTensor;
  /** [rows, dims] rather than [dims, rows]. */
  readonly isTransposed: boolean;
  readonly bias: DecodedTensor | undefined;
  readonly weightFactor: number;
  readonly biasFactor: number;
  /** The first column of the scores is this one of the product. */
  readonly offset: number;
}

export interface HeadVectors {
  /** [items + 1, dims], the last row zeros. */
  readonly values: Float32Array;
  /** With one for the bias, where there is one: the hidden vector gets a one in its place. */
  readonly dims: number;
  readonly hasBias: boolean;
}

export interface ItemRange {
  readonly items: number;
  readonly firstColumn: number;
}

/** The items' rows of a head, with the row of zeros that padding has. */
export function headVectors(
  head: HeadWeights,
  { items, firstColumn }: ItemRange,
  findExternal: FindExternal,
): HeadVectors {
  const { weight, isTransposed, weightFactor, biasFactor } = head;
  const [first, second] = weight.dims as [number, number];
  const [columns, width] = isTransposed ? [first, second] : [second, first];
  const weights = tensorFloats(weight, findExternal);
  const bias = head.bias && tensorFloats(head.bias, findExternal);
  const dims = width + (bias === undefined ? 0 : 1);
  const values = new Float32Array((items + 1) * dims);
  for (let item = 0; item < items; item++) {
    const column = item + firstColumn + head.offset;
    for (let dim = 0; dim < width; dim++) {
      const at = isTransposed ? column * width + dim : dim * columns + column;
      values[item * dims + dim] = weights[at]! * weightFactor;
    }
    if (bias !== undefined) values[item * dims + width] = bias[column]! * biasFactor;
  }
  return { values, dims, hasBias: bias !== undefined };
}

import { tensorData, tensorFloats } from "../../onnx/decode/tensor-data.ts";
import type { FindExternal } from "../../onnx/decode/tensor-data.ts";
import type { DecodedTensor } from "../../onnx/decode/model.ts";
import type { GraphIndex } from "./graph-index.ts";
import type { ItemTable } from "./find-item-table.ts";

const int32 = 6;
const int64 = 7;

/** Rows of the table that are nothing but zeros: what training never touches is padding. */
export function zeroRows({ tensor, rows, dims }: ItemTable, findExternal: FindExternal): number[] {
  const values = tensorFloats(tensor, findExternal);
  const isZero = (row: number) =>
    values.subarray(row * dims, (row + 1) * dims).every((value) => value === 0);
  return [...new Set([0, rows - 2, rows - 1])].filter((row) => row >= 0 && isZero(row));
}

/** The constants that the model compares its sequence with: `ids == 0` is how padding is told from items. */
export function comparedWith(
  index: GraphIndex,
  sequence: string,
  findExternal: FindExternal,
): number[] {
  return index.readers(sequence).flatMap(({ op, inputs, outputs }) => {
    if (op === "Cast" || op === "Identity") return comparedWith(index, outputs[0]!, findExternal);
    if (op !== "Equal" && op !== "Greater") return [];
    const constants = inputs.flatMap((input) => index.constant(input) ?? []);
    return constants.flatMap((tensor) => scalarOf(tensor, findExternal) ?? []);
  });
}

function scalarOf(tensor: DecodedTensor, findExternal: FindExternal): number | undefined {
  if (tensor.dims.some((dim) => dim !== 1)) return undefined;
  const { buffer, byteOffset, byteLength } = tensorData(tensor, findExternal);
  const view = new DataView(buffer, byteOffset, byteLength);
  if (tensor.typeCode === int64) return Number(view.getBigInt64(0, true));
  return tensor.typeCode === int32 ? view.getInt32(0, true) : undefined;
}

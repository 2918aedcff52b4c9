import { tensorFloats } from "../../onnx/decode/tensor-data.ts";
import type { FindExternal } from "../../onnx/decode/tensor-data.ts";
import type { GraphIndex } from "./graph-index.ts";
import type { ItemTable } from "./find-item-table.ts";
import { wholeNumber } from "./whole-number.ts";

/** Rows of the table that are nothing but zeros: what training never touches is padding. */
export function zeroRows({ tensor, rows, dims }: ItemTable, findExternal: FindExternal): number[] {
  const values = tensorFloats(tensor, findExternal);
  const isZero = (row: number) =>
    values.subarray(row * dims, (row + 1) * dims).every((value) => value === 0);
  return [...new Set([0, rows - 2, rows - 1])].filter((row) => row >= 0 && isZero(row));
}

/** The constants that the model compares its sequence with: `ids == 0` is how padding is told from items. */
export function comparedWith(index: GraphIndex, sequence: string): number[] {
  return index.readers(sequence).flatMap(({ op, inputs, outputs }) => {
    const isSame = (op === "Cast" || op === "Identity") && inputs[0] === sequence;
    if (isSame) return comparedWith(index, outputs[0]!);
    if (op !== "Equal" && op !== "Greater") return [];
    const constants = inputs.flatMap((input) => index.constant(input) ?? []);
    return constants.flatMap((tensor) => wholeNumber(tensor) ?? []);
  });
}

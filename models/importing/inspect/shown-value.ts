import type { DecodedValue } from "../../onnx/decode/model.ts";
import { typeName } from "../../onnx/decode/type-codes.ts";

/** As people write it: `input_ids int64 [batch, 50]`. */
export function shownValue({ name, typeCode, dims }: DecodedValue): string {
  const shape = dims === undefined ? "of unknown rank" : `[${dims.map(shownDim).join(", ")}]`;
  return `${name} ${typeName(typeCode)} ${shape}`;
}

function shownDim(dim: number | string): string {
  return dim === "" ? "?" : String(dim);
}

import type { DecodedTensor } from "../../onnx/decode/model.ts";
import { tensorData } from "../../onnx/decode/tensor-data.ts";

const int32 = 6;
const int64 = 7;

/** Of a tensor with one element in the file itself; undefined for every other. */
export function wholeNumber(tensor: DecodedTensor): number | undefined {
  const { dims, typeCode, content } = tensor;
  if (dims.some((dim) => dim !== 1) || content.kind === "external") return undefined;
  if (typeCode !== int32 && typeCode !== int64) return undefined;
  const { buffer, byteOffset, byteLength } = tensorData(tensor, nowhere);
  const view = new DataView(buffer, byteOffset, byteLength);
  return typeCode === int64 ? Number(view.getBigInt64(0, true)) : view.getInt32(0, true);
}

function nowhere(): never {
  throw new Error("it lies in the file itself");
}

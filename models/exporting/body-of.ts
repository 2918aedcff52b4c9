import { countOf, isMatrix, type BodyTensor } from "../ranking/body-tensors.ts";
import { quantizeColumns } from "./quantize-rows.ts";

export function bodyOf<Weights>(
  tensors: readonly BodyTensor<Weights>[],
  weights: Weights,
): Float32Array<ArrayBuffer> {
  const body = new Float32Array(tensors.reduce((sum, { dims }) => sum + countOf(dims), 0));
  let at = 0;
  for (const tensor of tensors) {
    body.set(Float32Array.from(tensor.values(weights)), at);
    at += countOf(tensor.dims);
  }
  return body;
}

export interface QuantizedBody {
  /** The matrices, one after the other. */
  readonly codes: Int8Array<ArrayBuffer>;
  /** For each matrix the scales of its columns, and all tensors that are none, in the order of the body. */
  readonly floats: Float32Array<ArrayBuffer>;
}

export function quantizedBodyOf<Weights>(
  tensors: readonly BodyTensor<Weights>[],
  weights: Weights,
): QuantizedBody {
  const codes: number[] = [];
  const floats: number[] = [];
  for (const tensor of tensors) {
    const values = Float32Array.from(tensor.values(weights));
    if (!isMatrix(tensor)) for (const value of values) floats.push(value);
    else {
      const quantized = quantizeColumns(values, tensor.dims[1]!);
      for (const scale of quantized.scales) floats.push(scale);
      for (const code of quantized.codes) codes.push(code);
    }
  }
  return { codes: Int8Array.from(codes), floats: Float32Array.from(floats) };
}

import { quantizeColumns } from "../exporting/quantize-rows.ts";
import type { Affine } from "./affine.ts";

/** One tensor of a body: of all the weights that are neither looked up nor scored. Bodies hold them in order, without gaps. */
export interface BodyTensor<Weights> {
  readonly name: string;
  /** A matrix is [in, out]. */
  readonly dims: readonly number[];
  values(weights: Weights): Iterable<number>;
}

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

export function isMatrix({ dims }: { readonly dims: readonly number[] }): boolean {
  return dims.length === 2;
}

export function countOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

export function vector<Weights>(
  name: string,
  length: number,
  values: BodyTensor<Weights>["values"],
): BodyTensor<Weights> {
  return { name, dims: [length], values };
}

export interface Transposing<Weights> {
  readonly of: (weights: Weights) => Affine;
  /** Default 1. */
  readonly divisor?: (weights: Weights) => number;
}

/** A Linear's weight, [in, out]. */
export function transposed<Weights>(
  name: string,
  [rows, columns]: readonly [number, number],
  { of, divisor = () => 1 }: Transposing<Weights>,
): BodyTensor<Weights> {
  return {
    name,
    dims: [rows, columns],
    *values(weights) {
      const { weight } = of(weights);
      const by = divisor(weights);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) yield weight[column * rows + row]! / by;
    },
  };
}

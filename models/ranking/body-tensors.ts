import type { Affine } from "./affine.ts";

/** One tensor of a body: of all the weights that are neither looked up nor scored. Bodies hold them in order, without gaps. */
export interface BodyTensor<Weights> {
  readonly name: string;
  /** A matrix is [in, out]. */
  readonly dims: readonly number[];
  values(weights: Weights): Iterable<number>;
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

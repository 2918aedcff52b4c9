import type { Affine } from "../affine.ts";

/** What networks are made of, in float64: what graphs are held against. */

export type Vector = number[];

/** A Linear of PyTorch: its weight is [out, in]. */
export function linear({ weight, bias }: Affine, state: Vector): Vector {
  return Array.from(bias, (own, row) => own + dot(rowOf(weight, row, state.length), state));
}

export function relu(value: number): number {
  return Math.max(0, value);
}

export function gelu(value: number): number {
  return (value / 2) * (1 + erf(value / Math.SQRT2));
}

/** By its Taylor series, which is enough for what activations are. */
function erf(value: number): number {
  let term = value;
  let sum = value;
  for (let n = 1; n < 200; n++) {
    term *= -(value * value) / n;
    sum += term / (2 * n + 1);
  }
  return Math.abs(value) > 5 ? Math.sign(value) : (2 / Math.sqrt(Math.PI)) * sum;
}

export function rowOf(table: Float32Array, row: number, dims: number): Vector {
  return [...table.subarray(row * dims, (row + 1) * dims)];
}

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

export function add(a: Vector, b: Vector): Vector {
  return a.map((value, i) => value + b[i]!);
}

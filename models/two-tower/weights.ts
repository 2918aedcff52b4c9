export interface TwoTowerShape {
  readonly users: number;
  readonly items: number;
  readonly dims: number;
}

/** Trained vectors, row after row. */
export interface TwoTowerWeights extends TwoTowerShape {
  readonly userVectors: Float32Array;
  readonly itemVectors: Float32Array;
}

/** The files that every variant's graph reads, beside it. */
export const weightFiles = {
  /** float32 [items + 1, dims]: the last row is zero, it pads histories and candidates. */
  itemVectors: "item-vectors.f32",
  /** float32 [users + 1, dims]: the last row is zero, it stands for the unknown user -1. */
  userVectors: "user-vectors.f32",
} as const;

/** The vectors with a row of zeros after them. */
export function withZeroRow(vectors: Float32Array, dims: number): Float32Array<ArrayBuffer> {
  const padded = new Float32Array(vectors.length + dims);
  padded.set(vectors);
  return padded;
}

import { twoTowerParts } from "./parts.ts";

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

/**
 * The files that every variant's graph reads, beside it, each named after its part. Both have a row of zeros at their end: it pads
 * histories and candidates, and stands for the unknown user -1.
 */
export const weightFiles = {
  /** float32 [items + 1, dims] */
  itemVectors: `${twoTowerParts.itemVectors}.f32`,
  /** float32 [users + 1, dims] */
  userVectors: `${twoTowerParts.userVectors}.f32`,
} as const;

import type { Affine } from "../ranking/affine.ts";
import type { ColdStartShape } from "./shape.ts";

/** What a training leaves, row after row. */
export interface ColdStartWeights extends ColdStartShape {
  /** [items, dims]: of each item what it was trained to be, its own name and all. */
  readonly itemVectors: Float32Array;
  /** [buckets, dims of a row]; empty where an encoder reads. */
  readonly gramVectors: Float32Array;
  readonly projectorIn: Affine;
  readonly projectorOut: Affine;
  readonly headIn: Affine;
  readonly headOut: Affine;
}

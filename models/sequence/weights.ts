import type { Affine } from "../ranking/affine.ts";
import type { SequenceShape } from "./shape.ts";

/** What a training leaves, row after row. Matrices are [out, in], as PyTorch keeps a Linear's. */
export interface SequenceWeights extends SequenceShape {
  /** [items, itemDims] */
  readonly itemVectors: Float32Array;
  /** [users, userDims] */
  readonly userVectors: Float32Array;
  /** [maxLength, width]; the last row belongs to a sequence's last item, however long the sequence is. */
  readonly positions: Float32Array;
  /** One for each of `blocks`. */
  readonly layers: readonly BlockWeights[];
  readonly finalNorm: Affine;
}

export interface BlockWeights {
  readonly attentionNorm: Affine;
  readonly query: Affine;
  readonly key: Affine;
  readonly value: Affine;
  readonly output: Affine;
  readonly feedNorm: Affine;
  readonly feedIn: Affine;
  readonly feedOut: Affine;
}

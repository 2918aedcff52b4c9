/** A linear layer or what a norm ends with, as PyTorch keeps them: the weight of a Linear is [out, in], row after row. */
export interface Affine {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

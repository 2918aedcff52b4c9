/** The architecture: everything about a sequence model but its numbers. */
export interface SequenceShape {
  readonly items: number;
  /** Users with a vector of their own; 0 where the model has none, or a variant leaves them out. */
  readonly users: number;
  readonly itemDims: number;
  /** 0: the model knows no users (SASRec). */
  readonly userDims: number;
  readonly maxLength: number;
  readonly blocks: number;
  /** Divides itemDims + userDims. */
  readonly heads: number;
  /** Width of the feed-forward layer. */
  readonly hidden: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  /** What the concatenated vectors of item and user are multiplied by before the position is added. */
  readonly embeddingScale: number;
}

export const activations = ["relu", "gelu"] as const;
/** "gelu" is the exact one, by the error function. */
export type Activation = (typeof activations)[number];

/** Numbers at each position. */
export function widthOf({ itemDims, userDims }: Pick<SequenceShape, "itemDims" | "userDims">) {
  return itemDims + userDims;
}

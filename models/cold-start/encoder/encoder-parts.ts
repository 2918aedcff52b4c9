/** The parts of a bundle whose tower is an encoder. */
export const encoderParts = {
  /** The encoder by itself, so that a bundle can be made again of this one. */
  encoder: "encoder",
  /** All variants' graphs read it, beside them. */
  weights: "encoder-weights",
  tokenizer: "tokenizer",
} as const;

export const encoderWeightsFile = `${encoderParts.weights}.bin`;

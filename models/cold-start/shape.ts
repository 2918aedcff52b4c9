/** The architecture: everything about a cold-start model but its numbers. */
export interface ColdStartShape {
  readonly items: number;
  /** Of item vectors, and of what comes out of projector and head. */
  readonly dims: number;
  readonly text: TextShape;
  /** Inside the projector. */
  readonly hidden: number;
  /** Inside the head. */
  readonly headHidden: number;
  readonly activation: Activation;
}

/** Where the names of tracks become numbers. */
export type TextShape = GramShape | EncoderShape;

/** A row for each bucket of character n-grams; the mean of the title's beside the mean of the artist's. */
export interface GramShape {
  readonly kind: "grams";
  readonly buckets: number;
  /** Of a row. */
  readonly dims: number;
}

/** A sentence encoder, which reads title and artist at once. */
export interface EncoderShape {
  readonly kind: "encoder";
  readonly dims: number;
}

export const activations = ["gelu", "relu", "none"] as const;
/** "gelu" is the exact one, by the error function. */
export type Activation = (typeof activations)[number];

/** Numbers that a tower makes of one track. */
export function textDimsOf({ kind, dims }: TextShape): number {
  return kind === "grams" ? 2 * dims : dims;
}

import { number, object, oneOf, type Shape } from "../../bundle/shape.ts";
import type { EncoderShape } from "../shape.ts";
import { poolings, type Pooling } from "./encoder-tower.ts";

/** What a bundle says of its encoder besides its parts. */
export interface EncoderSettings extends EncoderShape {
  readonly pooling: Pooling;
  /** Of a title and an artist together. */
  readonly maxTokens: number;
}

export const encoderSettings: Shape<EncoderSettings> = object<EncoderSettings>({
  kind: oneOf(["encoder"]),
  dims: number({ min: 1, max: 4096, whole: true }),
  pooling: oneOf(poolings),
  maxTokens: number({ min: 8, max: 512, whole: true }),
});

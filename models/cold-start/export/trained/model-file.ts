import {
  anyObject,
  number,
  object,
  oneOf,
  optional,
  text,
  type Shape,
} from "../../../bundle/shape.ts";
import { maxBuckets } from "../../../names/grams.ts";
import { nameRules } from "../../../names/name-rules.ts";
import {
  format,
  type ModelFileRules,
  type TrainedFormat,
} from "../../../trained-folder/model-file.ts";
import { activations, type Activation } from "../../shape.ts";

/** `model.json` of a trained folder. */
export interface ModelFile {
  readonly format: TrainedFormat;
  readonly family: "cold-start";
  readonly architecture: Architecture;
  readonly text: TrainedText;
  /** Where the model comes from; nothing here is computed with. */
  readonly training: Readonly<Record<string, unknown>>;
}

export interface Architecture {
  readonly dims: number;
  readonly hidden: number;
  readonly headHidden: number;
  readonly activation: Activation;
  /** Both for a text of grams: of a bucket's row, and how many there are. */
  readonly gramDims?: number;
  readonly buckets?: number;
  /** For an encoder: of what it makes of a name. */
  readonly encoderDims?: number;
}

export type TrainedText = { readonly kind: "grams"; readonly rules: number } | TrainedEncoder;

/** A sentence encoder, whose two files lie in the trained folder. */
export interface TrainedEncoder {
  readonly kind: "encoder";
  readonly encoder: string;
  readonly tokenizer: string;
  readonly pooling: "mean" | "cls";
  readonly maxTokens: number;
}

const size = (max: number) => number({ min: 1, max, whole: true });

const architecture: Shape<Architecture> = object<Architecture>({
  dims: size(4096),
  hidden: size(16_384),
  headHidden: size(16_384),
  activation: oneOf(activations),
  gramDims: optional(size(4096)),
  buckets: optional(size(maxBuckets)),
  encoderDims: optional(size(4096)),
});

const fileName = text({
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  allowed: "the name of a file in the trained folder",
});

const grams = object<Extract<TrainedText, { kind: "grams" }>>({
  kind: oneOf(["grams"]),
  rules: number({ min: nameRules, max: nameRules, whole: true }),
});

const encoder = object<TrainedEncoder>({
  kind: oneOf(["encoder"]),
  encoder: fileName,
  tokenizer: fileName,
  pooling: oneOf(["mean", "cls"]),
  maxTokens: size(512),
});

const trainedText: Shape<TrainedText> = (value, at, problems) => {
  const { kind } = anyObject(value, at, problems);
  return kind === "encoder" ? encoder(value, at, problems) : grams(value, at, problems);
};

export const modelFile: ModelFileRules<ModelFile> = {
  family: "cold-start",
  shape: object<ModelFile>({
    format,
    family: oneOf(["cold-start"]),
    architecture,
    text: trainedText,
    training: anyObject,
  }),
  misfits: ({ architecture, text: { kind } }) =>
    needed[kind]
      .filter((field) => architecture[field] === undefined)
      .map((field) => `architecture.${field}: is missing, and the text is of kind ${kind}`),
};

const needed = {
  grams: ["gramDims", "buckets"],
  encoder: ["encoderDims"],
} as const;

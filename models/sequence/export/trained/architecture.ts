import { anyObject, number, object, oneOf, type Shape } from "../../../bundle/shape.ts";
import {
  format,
  type ModelFileRules,
  type TrainedFormat,
} from "../../../trained-folder/model-file.ts";
import { activations, type SequenceShape } from "../../shape.ts";

/** A shape before anybody counted ids. */
export type SequenceArchitecture = Omit<SequenceShape, "items" | "users">;

/** `model.json` of a trained folder. */
export interface ModelFile {
  readonly format: TrainedFormat;
  readonly family: "sequence";
  readonly architecture: SequenceArchitecture;
  /** Where the model comes from; nothing here is computed with. */
  readonly training: Readonly<Record<string, unknown>>;
}

const size = (min: number, max: number) => number({ min, max, whole: true });

const architecture: Shape<SequenceArchitecture> = object<SequenceArchitecture>({
  itemDims: size(1, 4096),
  userDims: size(0, 4096),
  maxLength: size(1, 4096),
  blocks: size(1, 64),
  heads: size(1, 64),
  hidden: size(1, 16_384),
  activation: oneOf(activations),
  layerNormEpsilon: number({ min: 1e-12, max: 0.1 }),
  embeddingScale: number({ min: 1e-6, max: 1e6 }),
});

export const modelFile: ModelFileRules<ModelFile> = {
  family: "sequence",
  shape: object<ModelFile>({
    format,
    family: oneOf(["sequence"]),
    architecture,
    training: anyObject,
  }),
  misfits({ architecture: { itemDims, userDims, heads } }) {
    const width = itemDims + userDims;
    if (width % heads === 0) return [];
    return [
      `architecture.heads: ${heads} heads cannot share the ${width} dimensions of a position evenly`,
    ];
  },
};

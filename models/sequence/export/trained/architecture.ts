import { anyObject, number, object, oneOf, type Shape } from "../../../bundle/shape.ts";
import { duplicateKeys } from "../../../bundle/duplicate-keys.ts";
import { activations, type SequenceShape } from "../../shape.ts";
import { textOf } from "./text-rows.ts";

/** A shape before anybody counted ids. */
export type SequenceArchitecture = Omit<SequenceShape, "items" | "users">;

/** `model.json` of a trained folder: what was trained, and how. */
export interface ModelFile {
  readonly format: typeof trainedFormat;
  readonly family: "sequence";
  readonly architecture: SequenceArchitecture;
  /** Where the model comes from; nothing here is computed with. */
  readonly training: Readonly<Record<string, unknown>>;
}

/** The only format of trained folders that this build reads. */
const trainedFormat = 1;

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

const modelFile: Shape<ModelFile> = object<ModelFile>({
  format: size(trainedFormat, trainedFormat) as Shape<typeof trainedFormat>,
  family: oneOf(["sequence"]),
  architecture,
  training: anyObject,
});

/** Undefined after telling why to `problems`. */
export async function readModelFile(
  path: string,
  problems: string[],
): Promise<ModelFile | undefined> {
  const json = await textOf(path, problems);
  if (json === undefined) return undefined;
  const said: string[] = [];
  let read: ModelFile | undefined;
  try {
    const value: unknown = JSON.parse(json);
    said.push(...duplicateKeys(json).map((key) => `${key}: appears twice`));
    read = modelFile(value, "", said);
    if (said.length === 0) said.push(...misfits(read.architecture));
  } catch (error) {
    said.push(`it is no JSON: ${(error as Error).message}`);
  }
  problems.push(...said.map((problem) => `${path}: ${problem}`));
  return said.length === 0 ? read : undefined;
}

function misfits({ itemDims, userDims, heads }: SequenceArchitecture): string[] {
  const width = itemDims + userDims;
  if (width % heads === 0) return [];
  return [
    `architecture.heads: ${heads} heads cannot share the ${width} dimensions of a position evenly`,
  ];
}

import { duplicateKeys } from "../bundle/duplicate-keys.ts";
import { number, type Shape } from "../bundle/shape.ts";
import { textOf } from "../rows/text-rows.ts";

/** The only format of trained folders that this build reads. */
const trainedFormat = 1;

export type TrainedFormat = typeof trainedFormat;

export const format = number({
  min: trainedFormat,
  max: trainedFormat,
  whole: true,
}) as Shape<TrainedFormat>;

export interface ModelFileRules<ModelFile> {
  readonly shape: Shape<ModelFile>;
  /** What does not fit together although every field is what it should be. Default: nothing. */
  readonly misfits?: (model: ModelFile) => readonly string[];
}

/** `model.json` of a trained folder: what was trained, and how. Undefined after telling why to `problems`. */
export async function readModelFile<ModelFile>(
  path: string,
  { shape, misfits = () => [] }: ModelFileRules<ModelFile>,
  problems: string[],
): Promise<ModelFile | undefined> {
  const json = await textOf(path, problems);
  if (json === undefined) return undefined;
  const said: string[] = [];
  let read: ModelFile | undefined;
  try {
    const value: unknown = JSON.parse(json);
    said.push(...duplicateKeys(json).map((key) => `${key}: appears twice`));
    read = shape(value, "", said);
    if (said.length === 0) said.push(...misfits(read));
  } catch (error) {
    said.push(`it is no JSON: ${(error as Error).message}`);
  }
  problems.push(...said.map((problem) => `${path}: ${problem}`));
  return said.length === 0 ? read : undefined;
}

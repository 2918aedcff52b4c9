import { ServingError } from "../../proto/serving-error.ts";
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
  /** Named as the command of `crossfade export` that takes it. */
  readonly family: string;
  readonly shape: Shape<ModelFile>;
  /** What does not fit together although every field is what it should be. Default: nothing. */
  readonly misfits?: (model: ModelFile) => readonly string[];
}

/**
 * `model.json` of a trained folder: what was trained, and how. Undefined after telling why to `problems`; throws
 * FAILED_PRECONDITION where it is of another family, for then nothing else in the folder is as expected either.
 */
export async function readModelFile<ModelFile>(
  path: string,
  { family, shape, misfits = () => [] }: ModelFileRules<ModelFile>,
  problems: string[],
): Promise<ModelFile | undefined> {
  const json = await textOf(path, problems);
  if (json === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    problems.push(`${path}: it is no JSON: ${(error as Error).message}`);
    return undefined;
  }
  refuseOtherFamily(value, family, path);
  const said = duplicateKeys(json).map((key) => `${key}: appears twice`);
  const read = shape(value, "", said);
  if (said.length === 0) said.push(...misfits(read));
  problems.push(...said.map((problem) => `${path}: ${problem}`));
  return said.length === 0 ? read : undefined;
}

function refuseOtherFamily(value: unknown, family: string, path: string): void {
  const other = (value as { family?: unknown } | null)?.family;
  if (typeof other !== "string" || other === family) return;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${path} is of the family "${other}", and crossfade export ${family} takes "${family}"; each family has a command of its own name`,
  );
}

import type { Manifest, Variant } from "../bundle/manifest.ts";
import { refusal } from "../bundle/parse-manifest.ts";
import { list, number, object, oneOf, optional, type Shape } from "../bundle/shape.ts";
import { survivorsOf, survivorsPerResult, type SurvivorsPerResult } from "../ranking/survivors.ts";

export const paddings = ["left", "right"] as const;

/** What a sequence bundle says about itself besides its parts. */
export interface SequenceSettings {
  /** The lengths that sequences are padded to, in ascending order; of a longer sequence the last items of the greatest count. */
  readonly lengths: readonly number[];
  /** On which side; "right" is for imported models. */
  readonly padding: (typeof paddings)[number];
  readonly itemDims: number;
  /** 0: users have no vectors. */
  readonly userDims: number;
  /** With `hidden`, what a position takes of memory; of an imported model, as far as it is known. */
  readonly heads: number;
  readonly hidden: number;
  readonly survivorsPerResult?: SurvivorsPerResult;
  /** For graphs that take no larger batch. Default: memory and speed decide. */
  readonly largestBatch?: number;
}

const whole = (min: number, max: number) => number({ min, max, whole: true });

const settings: Shape<SequenceSettings> = object<SequenceSettings>({
  lengths: ascending(list(whole(1, 10_000), 64)),
  padding: oneOf(paddings),
  itemDims: whole(1, 4096),
  userDims: whole(0, 4096),
  heads: whole(1, 256),
  hidden: whole(1, 65_536),
  survivorsPerResult: optional(survivorsPerResult),
  largestBatch: optional(whole(1, 1024)),
});

export interface VariantSettings extends Omit<SequenceSettings, "survivorsPerResult"> {
  readonly survivorsPerResult: number;
}

/** Throws FAILED_PRECONDITION with every problem. */
export function readSettings(manifest: Manifest, variant: Variant): VariantSettings {
  const problems: string[] = [];
  const found = settings(manifest.settings, "settings", problems);
  const { model, version } = manifest;
  if (problems.length > 0) throw refusal(`${model} ${version}`, problems);
  return {
    ...found,
    survivorsPerResult: survivorsOf(manifest, variant, found.survivorsPerResult),
  };
}

function ascending(numbers: Shape<readonly number[]>): Shape<readonly number[]> {
  return (value, at, problems) => {
    const read = numbers(value, at, problems);
    const isAscending = read.every((length, i) => i === 0 || length > read[i - 1]!);
    if (read.length === 0 || !isAscending)
      problems.push(`${at}: must be lengths in ascending order, got [${read.join(", ")}]`);
    return read;
  };
}

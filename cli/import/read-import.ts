import type { VariantName } from "../../models/bundle/manifest.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import type { Said } from "../../models/importing/plan.ts";
import type { Flag, Given } from "../arguments/flag.ts";
import { readCount } from "../arguments/read-numbers.ts";
import { wrong } from "../arguments/wrong.ts";
import { bundleFolderOf, misnamed, type BundleFolder } from "../bundle-folder.ts";
import * as flags from "./flags.ts";

export interface ImportConfig {
  readonly file: string;
  readonly catalogue: string | undefined;
  /** Undefined: nothing is written. */
  readonly target: BundleFolder | undefined;
  readonly said: Said;
  readonly users: string | undefined;
  readonly samples: string | undefined;
  readonly variants: readonly VariantName[];
  readonly idType: IdType | "auto";
  readonly allowBatchDependence: boolean;
}

/** Throws INVALID_ARGUMENT for a command that cannot be meant. */
export function readImport(given: Given): ImportConfig {
  const [file, ...more] = given.words;
  if (file === undefined) throw wrong("nothing to import: give the .onnx file");
  if (more.length > 0) throw wrong(`one file at a time: got ${given.words.join(", ")}`);
  const isDry = given.has(flags.dryRun);
  const catalogue = given.value(flags.catalogue);
  const out = given.value(flags.out);
  const chosenFamily = given.value(flags.family) ?? "sequence";
  if (chosenFamily !== "sequence")
    throw wrong(`--family is "${chosenFamily}"; only sequence can be imported`);
  if (catalogue === undefined && !isDry)
    throw wrong(
      "nothing to recommend: give --catalogue, the items in the order of the model's ids",
    );
  if (out === undefined && !isDry) throw wrong("nowhere to write to: give --out, or --dry-run");
  return {
    file,
    catalogue,
    target: isDry ? undefined : targetOf(out!),
    said: readSaid(given),
    users: given.value(flags.users),
    samples: given.value(flags.samples),
    variants: readVariants(given),
    idType: readChoice(given, flags.idType, ["auto", "string", "int"]) ?? "auto",
    allowBatchDependence: given.has(flags.allowBatchDependence),
  };
}

function targetOf(out: string): BundleFolder {
  const problem = misnamed(out);
  if (problem !== undefined) throw wrong(problem);
  return bundleFolderOf(out);
}

const mostIds = 2 ** 31 - 2;

function readSaid(given: Given): Said {
  const named = (name: string) => given.value(flags.ends.find((flag) => flag.name === name)!);
  return {
    input: named("--input"),
    output: named("--output"),
    mask: named("--mask"),
    paddingMask: named("--padding-mask"),
    lengths: named("--lengths"),
    user: named("--user"),
    head: named("--head"),
    padding: readChoice(given, flags.padding, ["left", "right"]),
    paddingId: readCount(given, flags.paddingId, [0, mostIds]),
    firstId: readCount(given, flags.firstId, [0, mostIds]),
    maxLength: readCount(given, flags.maxLength, [1, 10_000]),
    firstUser: readCount(given, flags.firstUser, [0, mostIds]),
    unknownUser: readCount(given, flags.unknownUser, [0, mostIds]),
    lastItemOnly: given.has(flags.lastItemOnly),
  };
}

function readChoice<const Choice extends string>(
  given: Given,
  flag: Flag,
  choices: readonly Choice[],
): Choice | undefined {
  const text = given.value(flag);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw wrong(`${flag.name} is "${text}"; it must be ${choices.join(" or ")}`);
}

const importable: readonly VariantName[] = ["fp32", "qint8", "edge"];

function readVariants(given: Given): readonly VariantName[] {
  const names = (given.value(flags.variants) ?? "qint8,edge").split(",");
  const unknown = names.filter((name) => !importable.includes(name as VariantName));
  if (unknown.length === 0) return names as VariantName[];
  throw wrong(`--variants has "${unknown.join(",")}"; there is ${importable.join(", ")}`);
}

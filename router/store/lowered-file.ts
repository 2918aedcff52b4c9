import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { list, number, object, text } from "../../models/bundle/shape.ts";
import { bucketCount } from "../bucket.ts";
import type { Lowered } from "../lowered-distribution.ts";
import { refusal } from "../parse-distribution.ts";
import { fileError } from "./file-error.ts";
import { replaceFile, syncFolder } from "./replace-file.ts";
import { seal, unseal } from "./sealed-json.ts";

/** What one router alone leaves of a model's arm. */
export interface LoweredModel extends Lowered {
  readonly model: string;
}

const kind = { kind: "crossfade lowered arms", format: 1 };
const words = text({ pattern: /^[^]{0,10000}$/, allowed: "at most 10,000 characters" });

const shape = list(
  object<LoweredModel>({
    model: words,
    arm: words,
    weight: number({ min: 0, max: bucketCount, whole: true }),
    untilMs: number({ min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }),
    by: words,
    reason: words,
  }),
  100_000,
);

/** On the disk when it resolves. */
export async function writeLowered(path: string, lowered: readonly LoweredModel[]): Promise<void> {
  try {
    await replaceFile(path, seal(kind, lowered));
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(path, error);
  }
}

/** None, when there is no such file. Rejects for one that is damaged or that a newer build wrote. */
export async function readLowered(path: string): Promise<readonly LoweredModel[]> {
  const problems: string[] = [];
  const source = `the lowered arms ${path}`;
  const lowered = shape(unseal(await textOf(path), kind, source), "", problems);
  if (problems.length > 0) throw refusal(source, problems);
  return lowered;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return seal(kind, []);
    throw fileError(path, error);
  }
}

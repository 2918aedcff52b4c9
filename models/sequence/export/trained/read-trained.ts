import { join } from "node:path";
import { ServingError } from "../../../../proto/serving-error.ts";
import type { Probe } from "../../../exporting/probe.ts";
import { openSafetensors } from "../../../safetensors/open-safetensors.ts";
import { readModelFile, type ModelFile, type SequenceArchitecture } from "./architecture.ts";
import { expectedTensors, misshapen } from "./expected-tensors.ts";
import { readHeldOut } from "./held-out.ts";
import { readItems, readUsers, type TrainedItem } from "./id-rows.ts";
import { whyUnread } from "./text-rows.ts";

/** What a training left, read and checked. */
export interface Trained extends Pick<ModelFile, "architecture" | "training"> {
  readonly items: readonly TrainedItem[];
  readonly userIds: readonly string[];
  /** By the names that `expectedTensors` gives. */
  readonly tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  readonly heldOut: readonly Probe[];
}

/** Also there is `reference.jsonl`, which `crossfade eval --reference` compares with what is served. */
export const trainedFiles = {
  model: "model.json",
  weights: "model.safetensors",
  items: "items.tsv",
  users: "users.tsv",
  heldOut: "holdout.tsv",
} as const;

/** Throws FAILED_PRECONDITION with everything that is wrong with the folder. */
export async function readTrained(dir: string): Promise<Trained> {
  const problems: string[] = [];
  const at = (name: keyof typeof trainedFiles) => join(dir, trainedFiles[name]);
  const model = await readModelFile(at("model"), problems);
  const items = await readItems(at("items"), problems);
  const userIds = await readUsers(at("users"), problems);
  if (items.length === 0) problems.push(`${at("items")} has no items`);
  const tables = { items: indexesOf(items.map(({ id }) => id)), users: indexesOf(userIds) };
  const heldOut = await readHeldOut(at("heldOut"), tables, problems);
  const counts = { items: items.length, users: userIds.length };
  const tensors = await readTensors(at("weights"), { model, counts }, problems);
  if (problems.length > 0) throw refusal(dir, problems);
  return { ...model!, items, userIds, tensors, heldOut };
}

interface Expected {
  readonly model: { readonly architecture: SequenceArchitecture } | undefined;
  readonly counts: { readonly items: number; readonly users: number };
}

/** Nothing is read of a file whose tensors are not those of the network. */
async function readTensors(
  path: string,
  { model, counts }: Expected,
  problems: string[],
): Promise<Trained["tensors"]> {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  try {
    await using file = await openSafetensors(path);
    if (model === undefined) return tensors;
    const shapes = expectedTensors(model.architecture, counts);
    const wrong = misshapen(file, shapes);
    problems.push(...wrong.map((problem) => `${path}: ${problem}`));
    for (const name of wrong.length === 0 ? Object.keys(shapes) : []) {
      const values = await file.read(name);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0)
        problems.push(`${path}: ${name}[${bad}] is ${values[bad]}; the training diverged`);
      tensors.set(name, values);
    }
  } catch (error) {
    problems.push(error instanceof ServingError ? error.message : whyUnread(path, error));
  }
  return tensors;
}

function indexesOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

function refusal(dir: string, problems: readonly string[]): ServingError {
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  return new ServingError(
    "FAILED_PRECONDITION",
    `${dir} is no trained folder that can be exported; scripts/train writes them:\n${list}`,
  );
}

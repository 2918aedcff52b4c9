import { join } from "node:path";
import type { Probe } from "../../../exporting/probe.ts";
import { readItems, type TrainedItem } from "../../../trained-folder/item-rows.ts";
import { readModelFile } from "../../../trained-folder/model-file.ts";
import { readTensors, type Tensors } from "../../../trained-folder/read-tensors.ts";
import { refuseUntrained } from "../../../trained-folder/refuse-untrained.ts";
import { modelFile, type ModelFile } from "./architecture.ts";
import { expectedTensors } from "./expected-tensors.ts";
import { readHeldOut } from "./held-out.ts";
import { readUsers } from "./user-rows.ts";

/** What a training left, read and checked. */
export interface Trained extends Pick<ModelFile, "architecture" | "training"> {
  readonly items: readonly TrainedItem[];
  readonly userIds: readonly string[];
  /** By the names that `expectedTensors` gives. */
  readonly tensors: Tensors;
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
  const model = await readModelFile(at("model"), modelFile, problems);
  const items = await readItems(at("items"), { withArtists: false }, problems);
  const userIds = await readUsers(at("users"), problems);
  const tables = { items: indexesOf(items.map(({ id }) => id)), users: indexesOf(userIds) };
  const heldOut = await readHeldOut(at("heldOut"), tables, problems);
  const counts = { items: items.length, users: userIds.length };
  const expected = model && expectedTensors(model.architecture, counts);
  const tensors = await readTensors(at("weights"), expected, problems);
  refuseUntrained(dir, problems);
  return { ...model!, items, userIds, tensors, heldOut };
}

function indexesOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

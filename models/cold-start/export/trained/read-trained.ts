import { join } from "node:path";
import { readItems, type TrainedItem } from "../../../trained-folder/item-rows.ts";
import { readModelFile } from "../../../trained-folder/model-file.ts";
import { readTensors, type Tensors } from "../../../trained-folder/read-tensors.ts";
import { refuseUntrained } from "../../../trained-folder/refuse-untrained.ts";
import { rowComplaints } from "../../../rows/row-complaints.ts";
import { textRows } from "../../../rows/text-rows.ts";
import type { ColdStartShape, TextShape } from "../../shape.ts";
import { readPlaylists, type Playlist } from "../playlists.ts";
import { expectedTensors } from "./expected-tensors.ts";
import { modelFile, type Architecture, type ModelFile, type TrainedText } from "./model-file.ts";

/** What a training left, read and checked. */
export interface Trained {
  readonly shape: ColdStartShape;
  readonly text: TrainedText;
  readonly items: readonly TrainedItem[];
  /** By the names that `expectedTensors` gives. */
  readonly tensors: Tensors;
  /** Kept back from the training. */
  readonly playlists: readonly Playlist[];
}

/** Also there is `reference.jsonl`, which `crossfade eval --reference` compares with what is served. */
export const trainedFiles = {
  model: "model.json",
  weights: "model.safetensors",
  items: "items.tsv",
  heldOut: "holdout.jsonl",
} as const;

/** Throws FAILED_PRECONDITION with everything that is wrong with the folder. */
export async function readTrained(dir: string): Promise<Trained> {
  const problems: string[] = [];
  const at = (name: keyof typeof trainedFiles) => join(dir, trainedFiles[name]);
  const model = await readModelFile(at("model"), modelFile, problems);
  const items = await readItems(at("items"), { withArtists: true }, problems);
  const playlists = await readHeldOut(at("heldOut"), items, problems);
  const shape = model && shapeOf(model, items.length);
  const tensors = await readTensors(at("weights"), shape && expectedTensors(shape), problems);
  refuseUntrained(dir, problems);
  return { shape: shape!, text: model!.text, items, tensors, playlists };
}

async function readHeldOut(
  path: string,
  items: readonly TrainedItem[],
  problems: string[],
): Promise<readonly Playlist[]> {
  const complaints = rowComplaints(path, problems);
  const ids = new Set(items.map(({ id }) => id));
  const playlists = readPlaylists(await textRows(path, problems), (id) => ids.has(id), complaints);
  complaints.end();
  if (playlists.length === 0)
    problems.push(`${path} has no playlist with a target in items.tsv: a passport would be empty`);
  return playlists;
}

function shapeOf({ architecture, text }: ModelFile, items: number): ColdStartShape {
  const { dims, hidden, headHidden, activation } = architecture;
  return { items, dims, hidden, headHidden, activation, text: textShapeOf(architecture, text) };
}

function textShapeOf(
  { gramDims = 0, buckets = 0, encoderDims = 0 }: Architecture,
  { kind }: TrainedText,
): TextShape {
  return kind === "grams" ? { kind, dims: gramDims, buckets } : { kind, dims: encoderDims };
}

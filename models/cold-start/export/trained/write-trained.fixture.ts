import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameRules } from "../../../names/name-rules.ts";
import type { NamedTrack } from "../../../names/read-names.ts";
import { Random } from "../../../random.ts";
import { encodeTensors } from "../../../safetensors/encode.fixture.ts";
import { randomWeights } from "../../random-weights.ts";
import type { GramShape } from "../../shape.ts";
import type { ColdStartWeights } from "../../weights.ts";
import { expectedTensors } from "./expected-tensors.ts";
import { trainedFiles } from "./read-trained.ts";

export interface WrittenTrained {
  readonly weights: ColdStartWeights;
  readonly files: Readonly<Record<keyof typeof trainedFiles, string | Uint8Array>>;
}

export interface RandomTrainedOptions {
  readonly items?: number;
  readonly playlists?: number;
  readonly seed?: number;
}

const text: GramShape = { kind: "grams", buckets: 512, dims: 6 };

/** A trained folder of which nothing was trained: random weights, invented songs, every third of whose playlists' tracks nobody knows. */
export function randomTrained(options: RandomTrainedOptions = {}): WrittenTrained {
  const { items = 90, playlists = 60, seed = 1 } = options;
  const random = new Random(seed);
  const shape = { items, dims: 8, hidden: 12, headHidden: 10, activation: "gelu", text } as const;
  const weights = randomWeights(shape, random);
  const songs = Array.from({ length: items }, (_, i) => song(i));
  const lines = Array.from({ length: playlists }, () => {
    const track = (_: unknown, i: number) =>
      i % 3 === 2 ? song(items + random.below(items)) : song(random.below(items));
    const tracks = Array.from({ length: 1 + random.below(12) }, track);
    const targets = ["nowhere", `t${random.below(items)}`, `t${random.below(items)}`];
    return JSON.stringify({ tracks, targets });
  });
  const { dims, hidden, headHidden, activation } = shape;
  const architecture = {
    dims,
    gramDims: text.dims,
    buckets: text.buckets,
    hidden,
    headHidden,
    activation,
  };
  return {
    weights,
    files: {
      model: JSON.stringify({
        format: 1,
        family: "cold-start",
        architecture,
        text: { kind: "grams", rules: nameRules },
        training: { dataset: "random", seed },
      }),
      weights: encodeTensors(tensorsOf(weights)),
      items: songs.map((one, i) => `t${i}\t${items - i}\t${one.title}\t${one.artist}\n`).join(""),
      heldOut: `${lines.join("\n")}\n`,
    },
  };
}

/** The i-th invented song: no two have the same words in their names. */
export function song(i: number): NamedTrack {
  return { title: `Song ${word(i)} ${word(i * 7 + 3)}`, artist: `The ${word(i % 17)} Band` };
}

function word(i: number): string {
  const letters = "bdfgklmnprstvz";
  const vowels = "aeiou";
  let left = i + 1;
  let made = "";
  while (left > 0) {
    made += letters[left % letters.length]! + vowels[left % vowels.length]!;
    left = Math.floor(left / 5);
  }
  return made;
}

function tensorsOf(weights: ColdStartWeights) {
  const values: Readonly<Record<string, Float32Array>> = {
    gram_embedding: weights.gramVectors,
    "projector_in.weight": weights.projectorIn.weight,
    "projector_in.bias": weights.projectorIn.bias,
    "projector_out.weight": weights.projectorOut.weight,
    "projector_out.bias": weights.projectorOut.bias,
    "head_in.weight": weights.headIn.weight,
    "head_in.bias": weights.headIn.bias,
    "head_out.weight": weights.headOut.weight,
    "head_out.bias": weights.headOut.bias,
    item_vectors: weights.itemVectors,
  };
  return Object.fromEntries(
    Object.entries(expectedTensors(weights)).map(([name, shape]) => [
      name,
      { shape, values: values[name]! },
    ]),
  );
}

export async function writeTrained(
  dir: string,
  { files }: Pick<WrittenTrained, "files">,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, content] of Object.entries(files))
    await writeFile(join(dir, trainedFiles[name as keyof typeof trainedFiles]), content);
}

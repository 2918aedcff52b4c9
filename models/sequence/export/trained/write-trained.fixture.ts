import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../../../random.ts";
import { encodeTensors } from "../../../safetensors/encode.fixture.ts";
import type { SequenceArchitecture } from "./architecture.ts";
import { expectedTensors } from "./expected-tensors.ts";
import { trainedFiles } from "./read-trained.ts";

export interface WrittenTrained {
  readonly architecture: SequenceArchitecture;
  readonly files: Readonly<Record<keyof typeof trainedFiles, string | Uint8Array>>;
}

export const smallArchitecture: SequenceArchitecture = {
  itemDims: 8,
  userDims: 8,
  maxLength: 12,
  blocks: 2,
  heads: 2,
  hidden: 24,
  activation: "relu",
  layerNormEpsilon: 1e-8,
  embeddingScale: 4,
};

export interface RandomTrainedOptions {
  readonly architecture?: Partial<SequenceArchitecture>;
  readonly items?: number;
  readonly users?: number;
  readonly seed?: number;
}

/** A trained folder of which nothing was trained: random weights, random histories. */
export function randomTrained(options: RandomTrainedOptions = {}): WrittenTrained {
  const { items = 60, users = 20, seed = 1 } = options;
  const architecture = { ...smallArchitecture, ...options.architecture };
  const random = new Random(seed);
  const shapes = Object.entries(expectedTensors(architecture, { items, users }));
  const tensors = shapes.map(([name, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    // Norms pass on what they get; all else is about as large as a training would leave it.
    const values = name.endsWith("norm.weight")
      ? new Float32Array(length).fill(1)
      : Float32Array.from({ length }, () => (random.share() - 0.5) * 1.2 * shape.at(-1)! ** -0.5);
    return [name, { shape, values }] as const;
  });
  const history = () => {
    const length = 1 + random.below(2 * architecture.maxLength);
    return Array.from({ length }, () => `m${random.below(items)}`);
  };
  const people = Array.from({ length: users }, (_, i) => `u${i}`);
  const heldOut = people.map((user) => `${user}\t${history().join(",")}\tm${random.below(items)}`);
  const titled = Array.from({ length: items }, (_, i) => `m${i}\t${items - i}\tFilm ${i}`);
  const training = { dataset: "random", seed };
  const model = { format: 1, family: "sequence", architecture, training };
  return {
    architecture,
    files: {
      model: JSON.stringify(model),
      weights: encodeTensors(Object.fromEntries(tensors)),
      items: `${titled.join("\n")}\n`,
      users: `${people.join("\n")}\n`,
      heldOut: `${heldOut.join("\n")}\n`,
    },
  };
}

export async function writeTrained(dir: string, { files }: WrittenTrained): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, content] of Object.entries(files))
    await writeFile(join(dir, trainedFiles[name as keyof typeof trainedFiles]), content);
}

import type { GraphRunner } from "../../exporting/graph-runner.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { lengthsUpTo } from "./encoder-text.ts";
import type { EncoderFiles } from "./encoder-files.ts";
import { encodeTracks } from "./encode-tracks.ts";
import { createNameTokens } from "./name-tokens.ts";
import type { Encoder } from "./open-encoder.ts";
import { vectorsGraph } from "./vectors-graph.ts";

export interface TrialPlace {
  /** The encoder's parts lie there already. */
  readonly folder: PartsFolder;
  readonly files: EncoderFiles;
  readonly open: (graphFile: string) => Promise<GraphRunner>;
}

const samples = [
  { title: "Jóga", artist: "Björk" },
  { title: "Smells Like Teen Spirit - Remastered 2021", artist: "Nirvana" },
  { title: "東京", artist: "くるり" },
  { title: "1999", artist: "" },
] as const;

/** Lengths change the order in which kernels add, and encoders of few bits round what they see. */
const mostApart = 0.02;

/**
 * Runs an encoder on a few names, at its shortest and its longest length. Rejects with an Error for one that cannot be run there, gives no
 * numbers, or says something else of a name when more padding follows it.
 */
export async function tryEncoder(
  encoder: Encoder,
  { folder, files, open }: TrialPlace,
): Promise<void> {
  const { path } = await folder.add("encoder-trial", "onnx", files.embed(vectorsGraph(encoder)));
  const { dims } = encoder.ends.output;
  const { maxTokens } = encoder;
  const tracks = samples.map(createNameTokens(encoder));
  const longest = Math.max(...tracks.map(({ length }) => length));
  const lengths = lengthsUpTo(maxTokens);
  const runner = await open(path).catch((cause: unknown) => {
    throw new Error(`the runtime cannot open the encoder: ${(cause as Error).message}`, { cause });
  });
  try {
    const at = async (length: number) =>
      encodeTracks(runner, tracks, length).catch((cause: unknown) => {
        throw new Error(
          `the encoder cannot be run with ${length} tokens: ${(cause as Error).message}; give it fewer with maxTokens, or export it with a free length`,
          { cause },
        );
      });
    const shortest = await at(lengths.find((length) => length >= longest) ?? maxTokens);
    assertTold(shortest, await at(lengths.at(-1)!), dims);
  } finally {
    await runner.close();
  }
}

function assertTold(short: Float32Array, long: Float32Array, dims: number): void {
  if (!short.every(Number.isFinite))
    throw new Error(
      "the encoder gives vectors that are no numbers; was it exported in half precision?",
    );
  const size = short.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = short.reduce((most, value, i) => Math.max(most, Math.abs(value - long[i]!)), 0);
  if (!(apart <= mostApart * size))
    throw new Error(
      `the encoder says something else of a name when padding follows it (${((100 * apart) / size).toPrecision(2)}% of the largest number): does its graph use attention_mask? Export it again with the mask among the example's inputs`,
    );
  const isOne = short.every((value, i) => Math.abs(value - short[i % dims]!) <= 1e-6 * size);
  if (isOne)
    throw new Error(
      "the encoder says the same of every name: are its weights trained, and is this its tokenizer?",
    );
}

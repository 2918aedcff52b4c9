import type { GraphRunner } from "../../exporting/graph-runner.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import type { EncoderFiles } from "./encoder-files.ts";
import { encodeTracks, type TrackTokens } from "./encode-tracks.ts";
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

/** Encoders in dynamic int8 round by the largest number of all that they see: 3% was seen of small ones. */
const mostApart = 0.1;

/**
 * Runs an encoder on a few names, with as much padding as there can be and without any. Rejects with an Error for one that cannot be
 * run there, gives no numbers, or says something else of a name when padding follows it.
 */
export async function tryEncoder(
  encoder: Encoder,
  { folder, files, open }: TrialPlace,
): Promise<void> {
  const { path } = await folder.add("encoder-trial", "onnx", files.embed(vectorsGraph(encoder)));
  const { dims } = encoder.ends.output;
  const tracks = samples.map(createNameTokens(encoder));
  const runner = await open(path).catch((cause: unknown) => {
    throw new Error(`the runtime cannot open the encoder: ${(cause as Error).message}`, { cause });
  });
  try {
    const run = async (some: readonly TrackTokens[], length: number) =>
      encodeTracks(runner, some, length).catch((cause: unknown) => {
        throw new Error(
          `the encoder cannot be run with ${length} tokens: ${(cause as Error).message}; give it fewer with maxTokens, or export it with a free length`,
          { cause },
        );
      });
    const padded = await run(tracks, encoder.maxTokens);
    const each: Float32Array[] = [];
    for (const tokens of tracks) each.push(await run([tokens], tokens.length));
    assertTold({ plain: each.flatMap((vector) => [...vector]), padded, dims });
  } finally {
    await runner.close();
  }
}

interface Told {
  /** Without any padding. */
  readonly plain: readonly number[];
  readonly padded: Float32Array;
  readonly dims: number;
}

function assertTold({ plain, padded, dims }: Told): void {
  if (![...plain, ...padded].every(Number.isFinite))
    throw new Error(
      "the encoder gives vectors that are no numbers; was it exported in half precision?",
    );
  const size = Math.max(...plain.map(Math.abs));
  const apart = Math.max(...plain.map((value, i) => Math.abs(value - padded[i]!)));
  if (apart > mostApart * size) {
    const share = `${((100 * apart) / size).toPrecision(2)}% of the largest number`;
    throw new Error(
      `the encoder says something else of a name when padding follows it (${share}): does its graph use attention_mask? Export it again with the mask among the example's inputs`,
    );
  }
  if (plain.every((value, i) => Math.abs(value - plain[i % dims]!) <= 1e-6 * size))
    throw new Error(
      "the encoder says the same of every name: was it trained, and is this its tokenizer?",
    );
}

import { readFile } from "node:fs/promises";
import { readModelFile, type ModelFile } from "../../onnx/decode/read-model-file.ts";
import { readTokenizer } from "../../tokenizer/read/read-tokenizer.ts";
import type { TokenizerSettings } from "../../tokenizer/settings.ts";
import { createTokenizer } from "../../tokenizer/tokenizer.ts";
import type { EncoderTower, Pooling } from "./encoder-tower.ts";
import { findEnds } from "./find-ends.ts";

export interface EncoderSource {
  /** Of the `.onnx` file; weights may lie beside it. */
  readonly encoder: string;
  /** Of the `tokenizer.json`. */
  readonly tokenizer: string;
  readonly pooling: Pooling;
  /** Of a title and an artist together. */
  readonly maxTokens: number;
  /** Of its vectors, where somebody relies on it. */
  readonly dims?: number;
}

/** A sentence encoder with its tokenizer, read and checked, but not run. */
export interface Encoder extends EncoderTower {
  readonly file: ModelFile;
  readonly tokenizer: TokenizerSettings;
  /** As it was, to be passed on. */
  readonly tokenizerBytes: Uint8Array;
  readonly maxTokens: number;
}

/** Rejects with an Error that names the file and everything that is wrong with it. */
export async function openEncoder(source: EncoderSource): Promise<Encoder> {
  const { pooling, maxTokens } = source;
  const tokenizer = await readTokenizer(source.tokenizer);
  createTokenizer(tokenizer, maxTokens);
  const file = await readModelFile(source.encoder);
  try {
    const ends = findEnds(file.model);
    const { dims } = ends.output;
    if (source.dims !== undefined && source.dims !== dims)
      throw new Error(
        `its vectors have ${dims} numbers, and the model was trained on ${source.dims}`,
      );
    return {
      file,
      ends,
      tokenizer,
      tokenizerBytes: await readFile(source.tokenizer),
      paddingId: tokenizer.paddingId,
      pooling,
      maxTokens,
    };
  } catch (error) {
    throw new Error(
      `${source.encoder} is no sentence encoder that can be used:\n${(error as Error).message}`,
      { cause: error },
    );
  }
}

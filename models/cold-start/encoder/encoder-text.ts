import type { TokenizerSettings } from "../../tokenizer/settings.ts";
import { createTokenizer } from "../../tokenizer/tokenizer.ts";
import type { TextTower } from "../tower.ts";
import { tokenPadding } from "./encoder-tower.ts";

/** Each track more is a run of the encoder more; from 8 on it takes as many at once. */
const counts = [0, 1, 2, 4, 8, 16, 24, 32, 48, 64];
/** A thousand take an encoder seconds, which nothing interrupts: who asks for as many waits for no one else's. */
const tracksPerRun = 64;
/** Names of a few words, most of them; of a few sentences. */
const lengths = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256];

export interface EncoderText {
  readonly tokenizer: TokenizerSettings;
  readonly maxTokens: number;
  /** Of the vector of a track. */
  readonly dims: number;
}

/** Names by the tokens of title and artist as a pair: `encoderTower` in the graph. */
export function createEncoderText({ tokenizer, maxTokens, dims }: EncoderText): TextTower {
  const pairs = createTokenizer(tokenizer, maxTokens);
  const list = { indexes: new Int32Array(maxTokens), count: 0 };
  const lists = [list];
  return {
    inputs: ["tokens"],
    padding: tokenPadding,
    lengths: lengthsUpTo(maxTokens),
    counts,
    tracksPerRun,
    read(track) {
      const first = track.bytes.subarray(track.titleStart, track.titleEnd);
      const second = track.bytes.subarray(track.artistStart, track.artistEnd);
      list.count = pairs.encodePair({ first, second }, list.indexes, 0);
      return lists;
    },
    // Its tokens and its vector: what is inside the encoder is there for a few tracks at a time.
    bytesOfTrack: (length) => (length + 2 * dims) * Float32Array.BYTES_PER_ELEMENT,
  };
}

/** The last is what the encoder has positions for. */
function lengthsUpTo(maxTokens: number): readonly number[] {
  return [...lengths.filter((length) => length < maxTokens), maxTokens];
}

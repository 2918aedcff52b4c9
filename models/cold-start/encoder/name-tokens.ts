import type { NamedTrack } from "../../names/read-names.ts";
import { createTokenizer } from "../../tokenizer/tokenizer.ts";
import type { TrackTokens } from "./encode-tracks.ts";
import type { Encoder } from "./open-encoder.ts";

/** The tokens of names that are texts: for trials, and for names by the thousand at most. */
export function createNameTokens(encoder: Encoder): (names: NamedTrack) => TrackTokens {
  const tokenizer = createTokenizer(encoder.tokenizer, encoder.maxTokens);
  const into = new Int32Array(encoder.maxTokens);
  return ({ title, artist }) => {
    const pair = { first: Buffer.from(title), second: Buffer.from(artist) };
    return into.slice(0, tokenizer.encodePair(pair, into, 0));
  };
}

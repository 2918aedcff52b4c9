import { cutAt, decodeUtf8 } from "./decode-utf8.ts";
import { createAddedTokens } from "./find-added.ts";
import { createNormalizer, growth } from "./normalize.ts";
import type { TokenizerSettings } from "./settings.ts";
import { shareRoom } from "./share-room.ts";
import { splitWords } from "./split-words.ts";
import { createWordPieces, type IdList } from "./word-pieces.ts";

/** What is read of a name; what comes behind it costs nothing. */
export const maxNameBytes = 256;

export interface Tokenizer {
  readonly settings: TokenizerSettings;
  /** Of a pair, at most. */
  readonly maxTokens: number;
  /**
   * Writes the tokens of two names in UTF-8 (what is none of it, is replaced), at most `maxTokens`, from `at` on: 2 · id + type each.
   * Returns how many. Names that are too long are cut; where tokens are too many, those at the end of the longer name give way.
   */
  encodePair(names: NamePair, into: Int32Array, at: number): number;
}

export interface NamePair {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** Keeps its memory and uses it again: one call at a time. Throws an Error where `maxTokens` leaves no room for names. */
export function createTokenizer(settings: TokenizerSettings, maxTokens: number): Tokenizer {
  const around = settings.pair.reduce(
    (sum, piece) => sum + (piece.kind === "ids" ? piece.ids.length : 0),
    0,
  );
  const room = maxTokens - around;
  if (room < 2)
    throw new Error(
      `${maxTokens} tokens leave no room for names: ${around} are its own; give it more`,
    );
  const toIds = createEncoder(settings);
  const lists = { first: emptyList(), second: emptyList() };
  return {
    settings,
    maxTokens,
    encodePair({ first, second }, into, at) {
      toIds(first, lists.first);
      toIds(second, lists.second);
      const [kept, keptSecond] = shareRoom(lists.first.count, lists.second.count, room);
      lists.first.count = kept;
      lists.second.count = keptSecond;
      let end = at;
      for (const piece of settings.pair) {
        const ids = piece.kind === "ids" ? piece.ids : lists[piece.which].ids;
        const count = piece.kind === "ids" ? ids.length : lists[piece.which].count;
        for (let i = 0; i < count; i++) into[end++] = 2 * ids[i]! + piece.type;
      }
      return end - at;
    },
  };
}

function emptyList(): IdList {
  return { ids: new Int32Array(maxNameBytes * growth), count: 0 };
}

function createEncoder(settings: TokenizerSettings): (name: Uint8Array, into: IdList) => void {
  const normalize = createNormalizer(settings.normalizer);
  const cutWord = createWordPieces(settings.wordPieces);
  const added = createAddedTokens(settings.addedTokens);
  const written = new Int32Array(maxNameBytes);
  const normal = new Int32Array(maxNameBytes * growth);

  const encodePart = (
    name: Uint8Array,
    range: { readonly from: number; readonly to: number },
    into: IdList,
  ) => {
    const count = normalize(written, decodeUtf8(name, range, written), normal);
    splitWords(normal, count, (word) => cutWord(word, into));
  };
  return (name, into) => {
    into.count = 0;
    const end = cutAt(name, maxNameBytes);
    let from = 0;
    for (let at = 0; at < end;) {
      const found = added.at(name, at, end);
      if (found === undefined) {
        at++;
        continue;
      }
      encodePart(name, { from, to: at }, into);
      into.ids[into.count++] = found.id;
      from = at += found.length;
    }
    encodePart(name, { from, to: end }, into);
  };
}

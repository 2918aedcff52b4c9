import { createTokenTable, type CodeRange } from "./token-table.ts";

export interface WordPieceSettings {
  /** Ids by token. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** Begins the tokens that go on with a word. */
  readonly prefix: string;
  /** Longer words are unknown. */
  readonly maxWordChars: number;
}

/** Ids that were found so far. */
export interface IdList {
  readonly ids: Int32Array;
  count: number;
}

/**
 * Cuts a word into the longest pieces that the vocabulary has, from the left; where nothing fits, all of it is one unknown token. The word
 * has a code point or more, the list room for as many ids; the range is used up.
 */
export type CutWord = (word: CodeRange, into: IdList) => void;

export function createWordPieces(settings: WordPieceSettings): CutWord {
  const { vocabulary, unknownId, prefix, maxWordChars } = settings;
  const first = createTokenTable(vocabulary);
  const following = createTokenTable(
    new Map(
      [...vocabulary]
        .filter(([token]) => token.startsWith(prefix))
        .map(([token, id]) => [token.slice(prefix.length), id]),
    ),
  );
  return (word, into) => {
    const start = into.count;
    let id = word.to - word.from > maxWordChars ? -1 : first.take(word);
    while (id >= 0) {
      into.ids[into.count++] = id;
      if (word.from === word.to) return;
      id = following.take(word);
    }
    into.ids[start] = unknownId;
    into.count = start + 1;
  };
}

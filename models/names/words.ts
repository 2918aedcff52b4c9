import { signs } from "./signs.ts";

/** Letters of a name that are kept; what would follow is left out. */
export const maxLetters = 256;

/** What stood before a word, as bits. */
export const before = { gap: 1, comma: 2, quote: 4, dash: 8, spacedDash: 16, plus: 32 } as const;

/** Where a word stands. */
export const places = { main: 0, bracket: 1, tail: 2 } as const;

/** The words of a folded name, in arrays that are valid up to `letterCount` and `wordCount`. */
export interface Words {
  /** Code points, word after word, nothing between them. */
  readonly letters: Int32Array;
  letterCount: number;
  /** Where each word ends in the letters: where the next one starts. */
  readonly ends: Int32Array;
  /** Bits of `before`. */
  readonly signs: Uint8Array;
  /** One of `places`: in brackets, behind " - ", or neither. */
  readonly place: Uint8Array;
  /** Counts stretches of a name: a bracket or a " - " starts another. */
  readonly stretch: Uint16Array;
  wordCount: number;
  /** Whether a letter that came now would go on with the last word. */
  inWord: boolean;
}

/** Puts words together from letters and signs. */
export function createWords() {
  const words: Words = {
    letters: new Int32Array(maxLetters),
    letterCount: 0,
    ends: new Int32Array(maxLetters),
    signs: new Uint8Array(maxLetters),
    place: new Uint8Array(maxLetters),
    stretch: new Uint16Array(maxLetters),
    wordCount: 0,
    inWord: false,
  };
  let pending = 0;
  let depth = 0;
  let stretch = 0;
  let place: number = places.main;

  const openWord = () => {
    const word = words.wordCount++;
    if (depth === 0 && (pending & before.spacedDash) !== 0) {
      place = places.tail;
      stretch += 1;
    }
    words.signs[word] = pending;
    words.place[word] = depth > 0 ? places.bracket : place;
    words.stretch[word] = stretch;
    words.inWord = true;
    pending = 0;
  };

  const bracket = (by: 1 | -1) => {
    const wasDepth = depth;
    depth = Math.max(0, depth + by);
    if ((wasDepth === 0) !== (depth === 0)) stretch += 1;
  };

  return {
    words,
    begin: (): void => {
      words.letterCount = words.wordCount = 0;
      words.inWord = false;
      pending = depth = stretch = 0;
      place = places.main;
    },
    letter: (code: number): void => {
      if (words.letterCount === maxLetters) return;
      if (!words.inWord) openWord();
      words.letters[words.letterCount++] = code;
      words.ends[words.wordCount - 1] = words.letterCount;
    },
    sign: (code: number): void => {
      words.inWord = false;
      if (code === signs.dash) pending |= (pending & before.gap) !== 0 ? before.dash : 0;
      // A hyphen is no dash: that has a gap on both sides.
      else if (code === signs.gap) pending |= ((pending & before.dash) << 1) | before.gap;
      else if (code === signs.comma) pending |= before.comma;
      else if (code === signs.quote) pending |= before.quote;
      else if (code === signs.plus) pending |= before.plus;
      else if (code === signs.open) bracket(1);
      else if (code === signs.close) bracket(-1);
    },
  };
}

/** Where a word starts in the letters. */
export function wordStart({ ends }: Words, word: number): number {
  return word === 0 ? 0 : ends[word - 1]!;
}

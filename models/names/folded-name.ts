import { codePointAt, codePointMask } from "../code-point.ts";
import { foldTable, foldValue } from "./fold-table.ts";
import { firstLetter, signs } from "./signs.ts";
import { createWords, maxLetters, type Words } from "./words.ts";

/** Bytes of a name that count: the others are never read. */
export const maxNameBytes = 256;

export interface FoldedName extends Words {
  /**
   * Folds the name in bytes [start, end) into this. A name of nothing but symbols folds to these, one in which nothing can be seen
   * to its very bytes: only an empty name has no letters.
   */
  fold(bytes: Uint8Array, start: number, end: number): void;
}

/** Kept and overwritten from name to name. */
export function createFoldedName(): FoldedName {
  const { words, begin, letter, sign } = createWords();

  const put = (code: number) => (code < firstLetter ? sign(code) : letter(code));

  /** What follows the last letter that is kept changes nothing: only letters open words. */
  const isFull = () => words.letterCount === maxLetters;

  const putSequence = (at: number) => {
    const count = foldTable.sequences[at]!;
    for (let i = 1; i <= count && !isFull(); i++) put(foldTable.sequences[at + i]!);
  };

  const putFolded = (bytes: Uint8Array, start: number, end: number) => {
    for (let at = start; at < end && !isFull();) {
      const read = codePointAt(bytes, at, end);
      const next = at + (read >>> 21);
      const value = foldValue(read & codePointMask);
      if (value === 0) letter(read & codePointMask);
      else if (value === signs.dollar || value === signs.exclamation)
        put(asLetter(value, words.inWord, isLatin(bytes, next, end)));
      else if (value > 0) put(value);
      else putSequence(-value);
      at = next;
    }
  };

  const putSymbols = (bytes: Uint8Array, start: number, end: number) => {
    for (let at = start; at < end;) {
      const read = codePointAt(bytes, at, end);
      // Of what folds to several signs, as an ellipsis does, the first tells that it can be seen.
      const first = firstCode(foldValue(read & codePointMask));
      if (first > signs.gap) letter(read & codePointMask);
      else if (first === signs.gap) sign(signs.gap);
      at += read >>> 21;
    }
  };

  const putBytes = (bytes: Uint8Array, start: number, end: number) => {
    for (let at = start; at < end; at++) letter(firstPrivate + bytes[at]!);
  };

  return Object.assign(words, {
    fold(bytes: Uint8Array, start: number, end: number) {
      const cut = Math.min(end, start + maxNameBytes);
      begin();
      putFolded(bytes, start, cut);
      if (words.letterCount > 0) return;
      begin();
      putSymbols(bytes, start, cut);
      if (words.letterCount === 0) putBytes(bytes, start, cut);
    },
  });
}

/** @returns 0: none. */
function firstCode(value: number): number {
  if (value >= 0) return value;
  return foldTable.sequences[-value] === 0 ? 0 : foldTable.sequences[1 - value]!;
}

/** Bytes as they stand become private characters from here on, which are text in a key and no one's name. */
const firstPrivate = 0xf000;

/** "Ke$ha" and "P!nk" mean letters; "$100" and "Hey!" do not. */
function asLetter(value: number, isBehindLetter: boolean, isBeforeLetter: boolean): number {
  if (value === signs.dollar)
    return isBehindLetter || isBeforeLetter ? "s".charCodeAt(0) : signs.symbol;
  return isBehindLetter && isBeforeLetter ? "i".charCodeAt(0) : signs.symbol;
}

function isLatin(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const byte = bytes[at]! | 0x20;
  return byte >= 0x61 && byte <= 0x7a;
}

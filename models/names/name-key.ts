import { keepArtist } from "./artist-key.ts";
import { putCodePoint } from "../code-point.ts";
import { keepTitle, type Closeness, type Kept } from "./title-key.ts";
import type { TrackName } from "./track-name.ts";
import { meaningOf, meanings } from "./vocabulary.ts";
import { before, maxLetters, wordStart, type Words } from "./words.ts";

/** Between the title's letters and the artist's; no letter is that small. */
const separator = 0x09;

/** "Rock & Roll", "Rock and Roll", "Rock 'n' Roll" and "Rock'n'Roll" are one; loosely, "Rock Roll" is, too. */
const and = "n".charCodeAt(0);

/** What tracks are matched by: equal for names that mean the same work. UTF-8, valid up to `length`. */
export interface NameKey {
  readonly bytes: Uint8Array;
  length: number;
  write(track: TrackName, closeness: Closeness): void;
}

/** Kept and overwritten from track to track. */
export function createNameKey(): NameKey {
  const kept: Kept = new Uint8Array(maxLetters);
  // A letter takes four bytes at most, and brings a plus at most.
  const bytes = new Uint8Array(2 * 5 * maxLetters + 1);
  let hasAnd = true;
  const key: NameKey = {
    bytes,
    length: 0,
    write(track, closeness) {
      hasAnd = closeness === "close";
      keepTitle(track.title, kept, closeness);
      const titleEnd = putWords(track.title, 0);
      bytes[titleEnd] = separator;
      keepArtist(track.artist, kept, closeness);
      key.length = putWords(track.artist, titleEnd + 1);
    },
  };

  const putWords = (name: Words, start: number): number => {
    let at = start;
    for (let word = 0; word < name.wordCount; word++) {
      if (kept[word] === 0) continue;
      if (at > start && hasAnd && isAdded(name, word)) bytes[at++] = and;
      const isAnd = (meaningOf(name, word) & meanings.and) !== 0;
      if (!isAnd) at = putWord(name, word, at);
      else if (hasAnd) bytes[at++] = and;
    }
    if (at === start && name.wordCount > 0) bytes[at++] = and;
    return at;
  };

  const putWord = (name: Words, word: number, start: number): number => {
    const end = name.ends[word]!;
    let at = start;
    for (let i = wordStart(name, word); i < end; i++) {
      at = putCodePoint(bytes, at, name.letters[i]!);
    }
    return at;
  };
  return key;
}

/** Whether a plus is before a word, or before the "the" that is: "Florence + The Machine". */
function isAdded(name: Words, word: number): boolean {
  const isBehindThe = word > 0 && (meaningOf(name, word - 1) & meanings.the) !== 0;
  const plus = name.signs[word]! | (isBehindThe ? name.signs[word - 1]! : 0);
  return (plus & before.plus) !== 0;
}

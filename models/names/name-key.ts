import { keepArtist } from "./artist-key.ts";
import { putCodePoint } from "./code-point.ts";
import { keepTitle, type Closeness, type Kept } from "./title-key.ts";
import type { TrackName } from "./track-name.ts";
import { maxLetters, wordStart, type Words } from "./words.ts";

/** Between the title's letters and the artist's; no letter is that small. */
const separator = 0x09;

/** What tracks are matched by: equal for names that mean the same work. UTF-8, valid up to `length`. */
export interface NameKey {
  readonly bytes: Uint8Array;
  length: number;
  write(track: TrackName, closeness: Closeness): void;
}

/** Kept and overwritten from track to track. */
export function createNameKey(): NameKey {
  const kept: Kept = new Uint8Array(maxLetters);
  const bytes = new Uint8Array(2 * 4 * maxLetters + 1);
  const key: NameKey = {
    bytes,
    length: 0,
    write(track, closeness) {
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
      const end = name.ends[word]!;
      for (let i = wordStart(name, word); i < end; i++) {
        at = putCodePoint(bytes, at, name.letters[i]!);
      }
    }
    return at;
  };
  return key;
}

import { createGramCollector, maxGrams, type GramList } from "./gram-list.ts";
import { hashEnd, hashStep } from "./hash-letters.ts";
import type { TrackName } from "./track-name.ts";
import { wordStart, type Words } from "./words.ts";

/** So that a hash times the buckets is exact. */
export const maxBuckets = 2 ** 21;

/** The grams of a track's names: each as a whole, its words, and the three to five letters that follow each other in a word. */
export interface Grams {
  /** `GramList`s of rows of the table; overwritten by the next `read`. */
  readonly title: GramList;
  readonly artist: GramList;
  /** Only an empty name has no grams. */
  read(track: TrackName): void;
}

/** @param buckets Rows of the table. */
export function createGrams(buckets: number): Grams {
  if (!(Number.isInteger(buckets) && buckets >= 1 && buckets <= maxBuckets)) {
    throw new RangeError(
      `buckets is ${buckets}; it must be a whole number from 1 to ${maxBuckets}`,
    );
  }
  const title = createListing(buckets, seeds.title);
  const artist = createListing(buckets, seeds.artist);
  return {
    title: title.list,
    artist: artist.list,
    read(track) {
      title.read(track.title);
      artist.read(track.artist);
    },
  };
}

const seeds = { title: 0x51ed270b, artist: 0x2f0b4c47 };
const kinds = { whole: 0x3c6ef372, word: 0x1b873593, letters: 0x6d2b79f5 };
const shortest = 3;
const longest = 5;
/** Before and behind a word: no letter is that small. */
const edge = 1;

function createListing(buckets: number, seed: number) {
  const list = createGramCollector();

  const addHash = (hash: number) => {
    list.add(Math.floor((hashEnd(hash) >>> 0) * (buckets / 2 ** 32)));
  };

  const addWhole = (name: Words) => {
    let hash = seed ^ kinds.whole;
    for (let word = 0; word < name.wordCount; word++) {
      hash = hashStep(hashWord(name, word, hash), edge);
    }
    addHash(hash);
  };

  const addLetters = ({ letters, ends, wordCount }: Words, length: number) => {
    let start = 0;
    for (let word = 0; word < wordCount; word++) {
      const end = ends[word]!;
      // From the edge before the word to the one behind it.
      for (let at = start - 1; at + length <= end + 1; at++) {
        if (list.count === maxGrams) return;
        let hash = hashStep(seed ^ kinds.letters, at < start ? edge : letters[at]!);
        const last = at + length - 1;
        for (let i = at + 1; i < last; i++) hash = hashStep(hash, letters[i]!);
        addHash(hashStep(hash, last === end ? edge : letters[last]!));
      }
      start = end;
    }
  };

  return {
    list,
    /** The most telling grams first, for what is behind the cap is left out. */
    read(name: Words) {
      list.begin();
      if (name.letterCount === 0) return;
      addWhole(name);
      for (let word = 0; word < name.wordCount; word++) {
        addHash(hashWord(name, word, seed ^ kinds.word));
      }
      for (let length = shortest; length <= longest; length++) addLetters(name, length);
      list.sort();
    },
  };
}

function hashWord(name: Words, word: number, start: number): number {
  const end = name.ends[word]!;
  let hash = start;
  for (let i = wordStart(name, word); i < end; i++) hash = hashStep(hash, name.letters[i]!);
  return hash;
}

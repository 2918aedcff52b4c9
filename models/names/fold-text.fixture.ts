import { createFoldedName } from "./folded-name.ts";
import { createTrackName, type TrackName } from "./track-name.ts";
import { wordStart, type Words } from "./words.ts";

/** The words of a folded name, with single spaces between them. */
export function textOf(words: Words): string {
  return Array.from({ length: words.wordCount }, (_, word) => {
    const letters = words.letters.subarray(wordStart(words, word), words.ends[word]);
    return String.fromCodePoint(...letters);
  }).join(" ");
}

const name = createFoldedName();

export function foldText(text: string | Uint8Array): string {
  const bytes = Buffer.from(text);
  name.fold(bytes, 0, bytes.length);
  return textOf(name);
}

const track = createTrackName();

/** Overwritten by the next call. */
export function trackOf(title: string | Uint8Array, artist: string | Uint8Array): TrackName {
  const first = Buffer.from(title);
  const bytes = Buffer.concat([first, Buffer.from(artist)]);
  track.read(bytes, Int32Array.of(0, first.length, first.length, bytes.length), 0);
  return track;
}

import type { Closeness, Kept } from "./title-key.ts";
import { meaningOf, meanings } from "./vocabulary.ts";
import { before, type Words } from "./words.ts";

/**
 * Chooses the words of an artist that tell who it is, without "The" and who is featured; loosely, the first artist alone.
 * Where that would leave nothing, all of them.
 */
export function keepArtist(artist: Words, kept: Kept, closeness: Closeness): void {
  let count = 0;
  let isOver = false;
  for (let word = 0; word < artist.wordCount; word++) {
    const meaning = meaningOf(artist, word);
    // The first word names somebody, whatever it is: "Feat", "X", "With".
    if (word > 0 && (meaning & meanings.featuring) !== 0) isOver = true;
    if (closeness === "loose" && count > 0 && separates(artist, word, meaning)) isOver = true;
    const counts = !isOver && (meaning & meanings.the) === 0;
    kept[word] = counts ? 1 : 0;
    count += kept[word]!;
  }
  if (count === 0) kept.fill(1, 0, artist.wordCount);
}

/** "Tyler, The Creator" is one; "Earth, Wind & Fire" is found by its whole name. */
function separates(artist: Words, word: number, meaning: number): boolean {
  if ((meaning & meanings.versus) !== 0) return true;
  const signs = artist.signs[word]!;
  if ((signs & before.plus) !== 0) return true;
  return (signs & before.comma) !== 0 && (meaning & meanings.the) === 0;
}

import { meaningOf, meanings } from "./vocabulary.ts";
import { before, places, type Words } from "./words.ts";

/** 1 at each word of a name that its key has. */
export type Kept = Uint8Array;

/** Names that are close are the same but for what everybody writes in another way; loose keys are for where there is no close one. */
export type Closeness = "close" | "loose";

/**
 * Chooses the words of a title that tell which work it is: without who takes part, without notes on the edition; a loose one without
 * what it was written for, either ("End Titles (From …)" are many). Where that would leave nothing, all of them.
 */
export function keepTitle(title: Words, kept: Kept, closeness: Closeness): void {
  let count = 0;
  for (let first = 0; first < title.wordCount;) {
    const end = stretchEnd(title, first);
    const isLeftOut = closeness === "loose" && isSourceNote(title, first, end);
    const stop = isLeftOut ? first : keptEnd(title, first, end);
    for (let word = first; word < end; word++) {
      kept[word] = word < stop ? 1 : 0;
      count += kept[word]!;
    }
    first = end;
  }
  if (count === 0) kept.fill(1, 0, title.wordCount);
}

function stretchEnd({ stretch, wordCount }: Words, first: number): number {
  let end = first + 1;
  while (end < wordCount && stretch[end] === stretch[first]) end += 1;
  return end;
}

/** Where a stretch of a title ends once what does not count is cut off. */
function keptEnd(title: Words, first: number, end: number): number {
  if (title.place[first] !== places.main && isNote(title, first, end)) return first;
  // A note goes to the end: none starts before the words that may be in one.
  const notes = title.place[first] === places.main ? notesStart(title, first, end) : end;
  for (let word = Math.max(first, 1); word < end; word++) {
    if ((meaningOf(title, word) & meanings.featuring) !== 0) return word;
    if (word >= notes && startsRemasterNote(title, word, end)) return word;
  }
  return end;
}

/** Behind the last word of a stretch that is of no edition. */
function notesStart(title: Words, first: number, end: number): number {
  let start = end;
  while (start > first && (meaningOf(title, start - 1) & ofEditions) !== 0) start -= 1;
  return start;
}

/** Whether a bracket, or what is behind a dash, tells of who takes part or of the edition. */
function isNote(title: Words, first: number, end: number): boolean {
  const meaning = meaningOf(title, first);
  const second = first + 1 < end ? meaningOf(title, first + 1) : 0;
  if ((meaning & meanings.with) !== 0) return true;
  // "w/", but not "W&W".
  const isSlashed = first + 1 < end && (title.signs[first + 1]! & before.comma) !== 0;
  if ((meaning & meanings.w) !== 0 && isSlashed) return true;
  const isPerformance = (meaning & (meanings.live | meanings.recorded)) !== 0;
  if (isPerformance && (second & (meanings.where | meanings.live)) !== 0) return true;
  return isEditionNote(title, first, end);
}

function isEditionNote(title: Words, first: number, end: number): boolean {
  let isAll = true;
  let any = 0;
  let previous = 0;
  for (let word = first; word < end; word++) {
    const meaning = meaningOf(title, word);
    // "Version 2" is another one, "Version 2011" is not.
    const isNumbered = (previous & meanings.edit) !== 0 && (meaning & meanings.count) !== 0;
    if ((meaning & ofEditions) === 0 || isNumbered) isAll = false;
    any |= meaning;
    previous = meaning;
  }
  return (any & meanings.remaster) !== 0 || (isAll && (any & meanings.edition) !== 0);
}

const ofEditions = meanings.filler | meanings.edition | meanings.number;

/** From "A Film", from the motion picture soundtrack. */
function isSourceNote(title: Words, first: number, end: number): boolean {
  if (title.place[first] === places.main || first + 1 === end) return false;
  if ((meaningOf(title, first) & meanings.from) === 0) return false;
  if ((title.signs[first + 1]! & before.quote) !== 0) return true;
  for (let word = first; word < end; word++) {
    if ((meaningOf(title, word) & meanings.film) !== 0) return true;
  }
  return false;
}

/** Without a dash: "Wonderwall Remastered 2014", "Titanium Radio Edit". */
function startsRemasterNote(title: Words, word: number, end: number): boolean {
  const meaning = meaningOf(title, word);
  const next = word + 1 < end ? meaningOf(title, word + 1) : 0;
  return (
    (meaning & meanings.remaster) !== 0 ||
    ((meaning & meanings.number) !== 0 && (next & meanings.remaster) !== 0) ||
    ((meaning & meanings.radio) !== 0 && (next & meanings.edit) !== 0)
  );
}

import * as codePoints from "./code-points.ts";

/** What is known of a code point: flags of these. */
export const Kind = {
  /** Cleaning drops it. */
  removed: 1,
  /** Cleaning makes a space of it. */
  blank: 2,
  /** A word of its own where Chinese is asked for. */
  ideograph: 4,
  /** Stands between words. */
  separator: 8,
  /** A word of its own. */
  punctuation: 16,
  /** Something else without accents. */
  stripped: 32,
  /** Something else in lower case. */
  lowered: 64,
} as const;

export interface Characters {
  /** By code point. */
  readonly kinds: Uint8Array;
  /** What accents are stripped to; nothing is left of an accent itself. */
  stripped(codePoint: number): readonly number[];
  lowered(codePoint: number): readonly number[];
}

const codePointCount = 0x11_0000;

let known: Characters | undefined;

/** The tables of all code points: a megabyte, made once. */
export function characters(): Characters {
  known ??= readTables();
  return known;
}

function readTables(): Characters {
  const kinds = new Uint8Array(codePointCount);
  mark(kinds, Kind.removed, codePoints.removed);
  mark(kinds, Kind.blank, codePoints.blanks);
  mark(kinds, Kind.ideograph, codePoints.ideographs);
  mark(kinds, Kind.separator, codePoints.separators);
  mark(kinds, Kind.punctuation, codePoints.punctuation);
  const stripped = readChanges(codePoints.stripped);
  const lowered = readChanges(codePoints.lowered);
  for (const code of stripped.keys()) kinds[code]! |= Kind.stripped;
  for (const code of lowered.keys()) kinds[code]! |= Kind.lowered;
  for (let code = hangul.first; code <= hangul.last; code++) kinds[code]! |= Kind.stripped;
  return {
    kinds,
    stripped: (code) => stripped.get(code) ?? jamoOf(code),
    lowered: (code) => lowered.get(code)!,
  };
}

function mark(kinds: Uint8Array, kind: number, ranges: string): void {
  let at = 0;
  for (const range of ranges.split(" ")) {
    const [gap, length] = range.split("+").map((digits) => Number.parseInt(digits, 36));
    at += gap!;
    for (const end = at + length!; at < end; at++) kinds[at]! |= kind;
  }
}

function readChanges(changes: string): ReadonlyMap<number, readonly number[]> {
  let at = 0;
  const read = changes.split(" ").map((change) => {
    const [gap, ...to] = change.split(":").map((digits) => Number.parseInt(digits, 36));
    at += gap!;
    return [at, to] as const;
  });
  return new Map(read);
}

/** The syllables of Korean, which Unicode takes apart by arithmetic. */
const hangul = { first: 0xac00, last: 0xd7a3, vowels: 21, ends: 28 };
const jamo = { leads: 0x1100, vowels: 0x1161, ends: 0x11a7 };

function jamoOf(code: number): readonly number[] {
  const syllable = code - hangul.first;
  const end = syllable % hangul.ends;
  const vowel = Math.floor(syllable / hangul.ends) % hangul.vowels;
  const lead = Math.floor(syllable / (hangul.ends * hangul.vowels));
  const open = [jamo.leads + lead, jamo.vowels + vowel];
  return end === 0 ? open : [...open, jamo.ends + end];
}

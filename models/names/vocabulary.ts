import { hashEnd, hashStep } from "./hash-letters.ts";
import { wordStart, type Words } from "./words.ts";

/** What a word may mean in a name beside the work's own name, as bits. */
export const meanings = {
  /** Who else takes part follows. */
  featuring: 1,
  /** That too, where it begins a bracket. */
  with: 2,
  /** So does "w/". */
  w: 65536,
  /** Tells of an edition, wherever it stands in a note. */
  remaster: 4,
  /** Tells of an edition where nothing else but such words is in a note. */
  edition: 8,
  /** Goes with those. */
  filler: 16,
  live: 32,
  /** Behind "live" or "recorded": where it was. */
  where: 64,
  from: 128,
  film: 256,
  and: 512,
  the: 1024,
  /** Between artists. */
  versus: 2048,
  recorded: 4096,
  /** "radio": with an edit behind it. */
  radio: 8192,
  edit: 16384,
  /** A number, or one with an ending: 2011, 20th. */
  number: 32768,
  /** One of at most two digits: no year. */
  count: 131072,
} as const;

const vocabulary: Readonly<Record<keyof typeof meanings, string>> = {
  featuring: "feat ft featuring",
  with: "with feat ft featuring",
  w: "w",
  remaster: "remaster remastered",
  edition:
    "remaster remastered live acoustic unplugged mono stereo deluxe expanded anniversary bonus explicit clean edited uncensored radio " +
    "single album original extended edit version edition demo official lyric lyrics audio video hd hq session sessions",
  filler:
    "mix track the new special limited collector collectors full length lp ep digital digitally music recording studio take solo mtv bbc and",
  live: "live",
  where: "at in from on for room",
  from: "from",
  film: "soundtrack film movie motion picture musical series",
  and: "and",
  the: "the",
  versus: "and x vs versus with",
  recorded: "recorded",
  radio: "radio",
  edit: "edit version mix",
  number: "",
  count: "",
};

interface Entry {
  readonly letters: readonly number[];
  meaning: number;
}

const longestWord = Math.max(
  ...Object.values(vocabulary).flatMap((words) => words.split(" ").map((word) => word.length)),
);
const entries = createEntries();

/** Bits of `meanings`; 0: a word like any other. */
export function meaningOf(name: Words, word: number): number {
  const start = wordStart(name, word);
  const end = name.ends[word]!;
  if (name.letters[start]! <= lastDigit) return numberMeaning(name, start, end);
  if (end - start > longestWord) return 0;
  let hash = 0;
  for (let i = start; i < end; i++) hash = hashStep(hash, name.letters[i]!);
  const entry = entries.get(shortened(hash));
  if (entry === undefined || entry.letters.length !== end - start) return 0;
  for (let i = start; i < end; i++) if (name.letters[i] !== entry.letters[i - start]) return 0;
  return entry.meaning;
}

/** Two words with one hash would need another way to tell them apart: there are none, or this would not load. */
function createEntries(): Map<number, Entry> {
  const found = new Map<number, Entry>();
  for (const [meaning, words] of Object.entries(vocabulary)) {
    for (const word of words.split(" ").filter(Boolean)) {
      const letters = Array.from(word, (char) => char.charCodeAt(0));
      const hash = shortened(letters.reduce(hashStep, 0));
      const entry = found.get(hash) ?? { letters, meaning: 0 };
      if (String(entry.letters) !== String(letters)) throw new Error(`${word} has another's hash`);
      entry.meaning |= meanings[meaning as keyof typeof meanings];
      found.set(hash, entry);
    }
  }
  return found;
}

/** To what V8 keeps as a number without an allocation. */
function shortened(hash: number): number {
  return hashEnd(hash) & 0x3fffffff;
}

const firstDigit = "0".charCodeAt(0);
const lastDigit = "9".charCodeAt(0);

/** Digits, and at most two letters behind them: "2011", "20th". */
function numberMeaning({ letters }: Words, start: number, end: number): number {
  let at = start;
  while (at < end && letters[at]! >= firstDigit && letters[at]! <= lastDigit) at += 1;
  if (at === start || end - at > 2) return 0;
  return end - start <= 2 ? meanings.number | meanings.count : meanings.number;
}

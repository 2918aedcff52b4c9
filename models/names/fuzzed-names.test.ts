import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { maxIdBytes } from "../catalogue/layout.ts";
import { foldText, textOf, trackOf } from "./fold-text.fixture.ts";
import { maxNameBytes } from "./folded-name.ts";
import { fuzzedName } from "./fuzzed-names.fixture.ts";
import { maxGrams, type GramList } from "./gram-list.ts";
import { createGrams } from "./grams.ts";
import { createIndexKey } from "./index-key.ts";
import { createTrackName } from "./track-name.ts";
import { maxLetters } from "./words.ts";

const buckets = 65_536;
const count = 12_000;
const grams = createGrams(buckets);
const key = createIndexKey();

const listOf = ({ indexes, count }: GramList) => Array.from(indexes.subarray(0, count));

/** All that is made of a track's names. */
function readAll(title: Buffer, artist: Buffer) {
  const track = trackOf(title, artist);
  grams.read(track);
  const [close, loose] = (["close", "loose"] as const).map((closeness) => {
    key.write(track, closeness);
    return Buffer.from(key.bytes.subarray(0, key.length));
  });
  return {
    title: textOf(track.title),
    artist: textOf(track.artist),
    titleGrams: listOf(grams.title),
    artistGrams: listOf(grams.artist),
    close: close!,
    loose: loose!,
  };
}

test(
  "12,000 names that nobody thought of: what is made of them keeps its promises and is the same everywhere",
  { timeout: 120_000 },
  () => {
    const hash = createHash("sha256");
    for (let i = 0; i < count; i += 2) {
      const [title, artist] = [fuzzedName(i), fuzzedName(i + 1)];
      const made = readAll(title, artist);
      const problem = problemWith(made, title, artist);
      if (problem !== undefined) expect.fail(`${problem}: ${title.toString("hex")}`);
      hash.update([made.title, made.artist, made.close, made.loose].join("\n"));
      hash.update(Int32Array.from([...made.titleGrams, -1, ...made.artistGrams]));
    }
    // Another digest means other rules: raise `nameRules`.
    expect(hash.digest("hex")).toBe(
      "f2508c3504e5ccbf54244c1a26f545eb0489b30f523ac349e14cefbc964631f8",
    );
  },
);

function problemWith(
  made: ReturnType<typeof readAll>,
  title: Buffer,
  artist: Buffer,
): string | undefined {
  const { titleGrams, artistGrams, close, loose } = made;
  for (const [name, list] of [
    [title, titleGrams],
    [artist, artistGrams],
  ] as const) {
    if ((name.length === 0) !== (list.length === 0)) return "a name without grams";
    if (list.length > maxGrams) return `${list.length} grams`;
    if (list.some((index, i) => i > 0 && index <= list[i - 1]!)) return "grams out of order";
    if (list.some((index) => !(index >= 0 && index < buckets))) return "a gram beside the table";
  }
  if ((title.length === 0) !== (made.title === "")) return "nothing left of the title";
  for (const key of [close, loose]) {
    if (key.length > maxIdBytes || key.includes(0) || !isUtf8(key)) return "a key that is no id";
  }
  return undefined;
}

test("a folded name folds to itself", () => {
  for (let i = 0; i < count; i++) {
    const folded = foldText(fuzzedName(i));
    if (Buffer.byteLength(folded) > maxNameBytes) continue;
    if (foldText(folded) !== folded) expect.fail(`${fuzzedName(i).toString("hex")}: ${folded}`);
  }
});

test("a name of 10 kB costs what one of 256 bytes does: the rest is not even read", () => {
  const longNames = Array.from({ length: 200 }, (_, i) => fuzzedName(60 * i + 3)).filter(
    ({ length }) => length === 10_000,
  );
  expect(longNames.length).toBeGreaterThan(100);
  for (const long of longNames) {
    const cut = long.subarray(0, maxNameBytes);
    const reads = [long, cut].map(countReads);
    expect(reads[0]).toBe(reads[1]);
    // Three passes at most, each of which looks at a byte twice at most, and once at the one behind it.
    expect(reads[0]).toBeLessThanOrEqual(3 * 3 * maxNameBytes);
    expect(readAll(long, long)).toEqual(readAll(cut, cut));
  }
});

/** How often a byte is read until all is made of a name. */
function countReads(name: Buffer): number {
  let reads = 0;
  const counted = new Proxy(new Uint8Array(name), {
    get(bytes, property) {
      reads += 1;
      return bytes[Number(property)];
    },
  });
  const track = createTrackName();
  track.read(counted, Int32Array.of(0, name.length, 0, name.length), 0);
  expect(track.title.letterCount).toBeLessThanOrEqual(maxLetters);
  const behindFold = reads;
  grams.read(track);
  key.write(track, "loose");
  expect(reads).toBe(behindFold);
  return reads / 2;
}

import { expect, test } from "vitest";
import { trackOf } from "./fold-text.fixture.ts";
import type { GramList } from "./gram-list.ts";
import { createGrams, maxBuckets } from "./grams.ts";

const buckets = 2 ** 20;
const grams = createGrams(buckets);

const listOf = ({ indexes, count }: GramList) => Array.from(indexes.subarray(0, count));

function titleGrams(title: string): number[] {
  grams.read(trackOf(title, ""));
  return listOf(grams.title);
}

const inBoth = (a: readonly number[], b: readonly number[]) => a.filter((gram) => b.includes(gram));

test("a name has itself, its words, and three to five letters in a row with the edges of words", () => {
  // The name, one word, <ye yes es>, <yes yes>, <yes>.
  expect(titleGrams("Yes")).toHaveLength(2 + 3 + 2 + 1);
  // The name, two words, <ab ab>, <cd cd>, <ab>, <cd>.
  expect(titleGrams("ab cd")).toHaveLength(3 + 4 + 2);
  // The name, a word, <a>.
  expect(titleGrams("a")).toHaveLength(3);
  expect(titleGrams("")).toEqual([]);
});

test("names that fold alike have the same grams; a title and an artist of one name have other ones", () => {
  expect(titleGrams("BEYONCÉ – Halo!")).toEqual(titleGrams("beyonce halo"));
  grams.read(trackOf("Halo Halo", "Halo Halo"));
  expect(inBoth(listOf(grams.title), listOf(grams.artist))).toEqual([]);
});

test("names that look alike share grams, others do not", () => {
  const name = titleGrams("Bohemian Rhapsody");
  expect(inBoth(name, titleGrams("Bohemian Rapsody")).length).toBeGreaterThan(name.length / 2);
  expect(inBoth(name, titleGrams("Rhapsody in Blue")).length).toBeGreaterThan(name.length / 4);
  expect(inBoth(name, titleGrams("Stairway to Heaven")).length).toBeLessThan(2);
});

test("the order of words counts for one gram: the whole name", () => {
  const name = titleGrams("Blue Monday");
  expect(inBoth(name, titleGrams("Monday Blue"))).toHaveLength(name.length - 1);
});

test("of a long name the 64 that tell most: the name and its words first", () => {
  const long = "one two three four five six seven eight nine ten eleven twelve thirteen";
  const list = titleGrams(long);
  expect(list).toHaveLength(64);
  for (const word of long.split(" ")) {
    // Its name as a whole is one of its own; its word is in both.
    expect(inBoth(list, titleGrams(word)).length).toBeGreaterThan(0);
  }
  expect(inBoth(list, titleGrams(`${long} fourteen`)).length).toBeLessThan(64);
});

test("grams are spread evenly over a table of any size", () => {
  const few = createGrams(1000);
  const taken = new Int32Array(1000);
  let sum = 0;
  for (let i = 0; i < 3000; i++) {
    few.read(trackOf(numberInWords(i), ""));
    for (const gram of listOf(few.title)) taken[gram]! += 1;
    sum += few.title.count;
  }
  // Names share words, so that some rows are taken more often; none is left out.
  expect(Math.min(...taken)).toBeGreaterThan(0);
  expect(Math.max(...taken)).toBeLessThan((20 * sum) / 1000);
});

/** No two alike, from ten syllables. */
function numberInWords(number: number): string {
  const syllables = ["ka", "lo", "mi", "ne", "pu", "ra", "so", "ti", "vu", "ze"];
  return String(number * 7919).replace(/\d/g, (digit) => syllables[Number(digit)]!);
}

test.each([0, -1, 1.5, NaN, maxBuckets + 1])("%d buckets are refused", (buckets) => {
  expect(() => createGrams(buckets)).toThrow(/it must be a whole number from 1 to 2097152/);
});

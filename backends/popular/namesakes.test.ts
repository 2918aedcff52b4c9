import { expect, test } from "vitest";
import { buildCatalogue } from "../../models/catalogue/build-index.ts";
import { buildNameIndex } from "../../models/names/build-name-index.ts";
import { openNameIndex } from "../../models/names/open-name-index.ts";
import { readNames, type NamedTrack } from "../../models/names/read-names.ts";
import { createTrackName } from "../../models/names/track-name.ts";
import { createNamesakes } from "./namesakes.ts";

const artist = "The Lamps";
const items = [
  "End Titles",
  'End Titles (From "A Film")',
  'Waltz (From "A Film")',
  'Waltz (From "Another Film")',
  "Waltz of Nobody (Live)",
  "Waltz of Nobody",
  "Waltz (Remastered 2011)",
  "",
].map((title) => ({ title, artist }));
const find = createNamesakes(items);

test("a name is also found by what it was written for, and without", () => {
  expect(find({ title: "Waltz", artist })).toEqual([2, 3, 6]);
  expect(find({ title: 'Waltz (From "A Third Film")', artist })).toEqual([2, 3, 6]);
  expect(find({ title: 'Waltz (From "A Film") - Live', artist })).toEqual([2]);
});

const ascending = (a: number, b: number) => a - b;

/** What a model of these items has in the chain of a track. */
function createModelFind() {
  const catalogue = buildCatalogue(items.map((item, i) => ({ id: `t${i}`, ...item })));
  const { names, chains } = buildNameIndex(catalogue, new Float32Array(items.length));
  const index = openNameIndex({ names: names.buffer, chains: chains.buffer }, catalogue);
  const track = createTrackName();
  return (named: NamedTrack) => {
    readNames(track, named);
    const { chainStart, chainEnd } = index.find(track);
    return [...index.items.subarray(chainStart, chainEnd)].sort(ascending);
  };
}

test("whatever is named, a model of the same items finds the same", () => {
  const modelFinds = createModelFind();
  const notes = ["", ' (From "A Film")', ' - From "B"', " (Live)", " (feat. Wolf)", " 2"];
  const named = [...items, { title: "!!!", artist }, { title: "Nothing", artist: "" }].flatMap(
    (item) => notes.map((note) => ({ ...item, title: item.title && item.title + note })),
  );
  for (const one of named)
    expect([one, [...find(one)].sort(ascending)]).toEqual([one, modelFinds(one)]);
  expect(named.filter((one) => find(one).length > 0).length).toBeGreaterThan(20);
});

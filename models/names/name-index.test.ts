import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildCatalogue, buildIdIndex } from "../catalogue/build-index.ts";
import { maxIdBytes } from "../catalogue/layout.ts";
import { buildNameIndex } from "./build-name-index.ts";
import { trackOf } from "./fold-text.fixture.ts";
import { createIndexKey } from "./index-key.ts";
import { loadNameIndex } from "./load-name-index.ts";
import { createNameIndex, type NameIndex } from "./name-index.ts";
import { openNameIndex } from "./open-name-index.ts";

const long = "A Very Long Title That Nobody Remembers, ".repeat(4);
const tracks: readonly (readonly [title: string, artist: string, popularity: number])[] = [
  ["Hello", "Adele", 5],
  ["Hello - Live", "Adele", 50],
  ["Hello", "Lionel Richie", 7],
  ["One Love", "Bob Marley & The Wailers", 100],
  ["One Love", "Bob Marley", 3],
  ["One Love (Remastered)", "Bob Marley & The Wailers", 200],
  ["Get Up, Stand Up", "Bob Marley & The Wailers", 20],
  [`${long}One`, "Orchestra", 1],
  [`${long}Two`, "Orchestra", 2],
  ["", "Nobody", 1000],
  ["!!!", "!!!", 1],
  ["Hello", "Adele", 5],
];
const catalogue = buildCatalogue(
  tracks.map(([title, artist], i) => ({ id: `t${i}`, title, artist })),
);
const popularity = Float32Array.from(tracks, ([, , count]) => count);
const built = buildNameIndex(catalogue, popularity);

let folder: string;
let index: NameIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "names-"));
  index = await loadWith({});
});

afterAll(() => rm(folder, { recursive: true }));

async function loadWith(
  files: Readonly<Partial<Record<"names" | "chains", Uint8Array>>>,
): Promise<NameIndex> {
  const [names, chains] = [join(folder, "names"), join(folder, "chains")];
  await writeFile(names, files.names ?? built.names);
  await writeFile(chains, files.chains ?? built.chains);
  return loadNameIndex({ names, chains }, catalogue);
}

function find(title: string, artist: string, by = index) {
  const { match, item, chainStart, chainEnd } = by.find(trackOf(title, artist));
  return { match, item, chain: Array.from(by.items.subarray(chainStart, chainEnd)) };
}

test("a track of just these names is known, also where another of the same work is more popular", () => {
  expect(find("Hello", "Adele")).toEqual({ match: "known", item: 0, chain: [1, 0, 11] });
  expect(find("Hello - Live", "Adele")).toMatchObject({ match: "known", item: 1 });
  expect(find("Hello", "Lionel Richie")).toEqual({ match: "known", item: 2, chain: [2] });
  expect(find("!!!", "!!!")).toMatchObject({ match: "known", item: 10 });
});

test("names that mean the same work match its most popular item", () => {
  expect(find("HELLO (2016 Remaster)", "adele")).toEqual({
    match: "matched",
    item: 1,
    chain: [1, 0, 11],
  });
  expect(find("get up stand up", "Bob Marley and the Wailers")).toMatchObject({
    match: "matched",
    item: 6,
  });
});

test("an index that was just built finds what a loaded one does, in the same memory", () => {
  const buffers = { names: built.names.buffer, chains: built.chains.buffer };
  const other = openNameIndex(buffers, catalogue);
  expect(find("hello", "ADELE", other)).toEqual(find("hello", "ADELE"));
  expect(other.items.buffer).toBe(buffers.chains);
});

test("the first artist alone is enough where nobody is named so, and comes last where somebody is", () => {
  expect(find("Get Up, Stand Up", "Bob Marley")).toMatchObject({ match: "matched", item: 6 });
  expect(find("Hello", "Adele, Somebody Else")).toMatchObject({ match: "matched", item: 1 });
  expect(find("one love", "bob marley")).toEqual({
    match: "matched",
    item: 4,
    chain: [4, 5, 3],
  });
});

test("other names are new", () => {
  for (const [title, artist] of [
    ["Hello", "Nobody"],
    ["Hello Again", "Adele"],
    ["Hello", ""],
    ["", "Adele"],
    ["", "Nobody"],
    ["🔥", "Adele"],
  ] as const)
    expect(find(title, artist)).toEqual({ match: "new", item: -1, chain: [] });
});

test("long names that differ at the end alone are two", () => {
  expect(find(`${long}One`, "Orchestra")).toMatchObject({ match: "known", item: 7 });
  expect(find(`${long}Two`, "ORCHESTRA")).toMatchObject({ match: "matched", item: 8 });
  expect(find(`${long}Three`, "Orchestra")).toMatchObject({ match: "new" });
});

test("a long key whose hash is another's is not taken for it", () => {
  const key = createIndexKey();
  key.write(trackOf(`${long}Three`, "Orchestra"), "close");
  expect([key.isCut, key.length]).toEqual([true, maxIdBytes]);
  // As if item 7's key had that hash.
  const keys = buildIdIndex([Buffer.from(key.bytes).toString()]);
  const chains = { starts: Int32Array.of(0, 1), items: Int32Array.of(7) };
  const confused = createNameIndex({ keys, chains, catalogue });
  expect(find(`${long}Three`, "Orchestra", confused)).toMatchObject({ match: "new" });
});

test.each<[string, (bytes: Buffer) => Buffer | void, RegExp]>([
  ["empty", () => Buffer.alloc(0), /chains is damaged: it has 0 bytes, where \d+ keys need/],
  ["cut in a number", (b) => b.subarray(0, -1), /it has \d+ bytes, where/],
  ["without an item", (b) => b.subarray(0, -4), /it lists 14 items and has room for 13/],
  ["longer", (b) => Buffer.concat([b, Buffer.alloc(4)]), /it lists 14 items and has room for 15/],
  ["starting late", (b) => void b.writeInt32LE(1, 0), /its first key starts at 1/],
  ["with a key of no items", (b) => void b.writeInt32LE(0, 4), /key 0 has no items/],
  [
    "with an item beyond the catalogue",
    (b) => void b.writeInt32LE(12, b.length - 4),
    /it names item 12 of 12/,
  ],
  ["with an item below it", (b) => void b.writeInt32LE(-1, b.length - 4), /it names item -1 of 12/],
])("chains that are %s are refused with what is wrong", async (_, change, message) => {
  const bytes = Buffer.from(built.chains);
  await expect(loadWith({ chains: change(bytes) ?? bytes })).rejects.toThrow(message);
});

test("names that were built of another catalogue are refused", async () => {
  const others = buildCatalogue(
    tracks.map(([title, artist], i) => ({ id: `t${i}`, title: `${title} again`, artist })),
  );
  const { names } = buildNameIndex(others, popularity);
  await expect(loadWith({ names })).rejects.toThrow(
    /names is damaged: item 0 is not found by its own name|chains is damaged/,
  );
});

test("damaged names are refused, too", async () => {
  await expect(loadWith({ names: built.names.subarray(0, -1) })).rejects.toThrow(
    /names is damaged/,
  );
});

test("whatever bytes change, what loads gives items that there are", async () => {
  const change = fc.record({
    at: fc.nat({ max: built.chains.length - 1 }),
    to: fc.nat({ max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const chains = Uint8Array.from(built.chains);
      for (const { at, to } of changes) chains[at] = to;
      const loaded = await loadWith({ chains }).catch(() => undefined);
      if (loaded === undefined) return;
      for (const [title, artist] of tracks) {
        const { item, chain } = find(title, artist, loaded);
        for (const one of [item, ...chain]) expect(one).toBeLessThan(catalogue.size);
        if (title !== "") expect(chain).toContain(item);
      }
    }),
    { numRuns: 60 },
  );
});

import * as fc from "fast-check";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildCatalogue, buildIdIndex } from "./build-index.ts";
import { loadCatalogue, loadIdIndex } from "./load-index.ts";

let dir: string;
let file: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "catalogue-"));
  file = join(dir, "items.bin");
});

afterAll(() => rm(dir, { recursive: true }));

const titles = ["Doom Metal for Night Drives", "", "é".repeat(100), "Swing for Rainy Mornings"];
const artists = ["Sleep", "é".repeat(90), ""];
const items = Array.from({ length: 50 }, (_, i) => ({
  id: `item-${i}`,
  title: titles[i % titles.length]!,
  artist: artists[i % artists.length]!,
}));
const catalogue = buildCatalogue(items);

// Where the sections of that file start.
const idAt = 32;
const slots = idAt + 4 * 50;
const entries = slots + 8 * 128;

/** Loads the catalogue's file after a change. */
async function loadChanged(change: (bytes: Buffer) => Buffer | void) {
  const bytes = Buffer.from(new Uint8Array(catalogue.buffer));
  await writeFile(file, change(bytes) ?? bytes);
  return loadCatalogue(file);
}

test("what was built is what is loaded", async () => {
  const loaded = await loadChanged(() => {});
  expect(loaded.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(Buffer.from(loaded.buffer).equals(Buffer.from(catalogue.buffer))).toBe(true);
  items.forEach((item, i) => {
    const id = Buffer.from(item.id);
    expect(loaded.find(id, 0, id.length)).toBe(i);
    expect([loaded.idOf(i), loaded.titleOf(i)]).toEqual([item.id, item.title]);
    expect(loaded.artistOf(i)).toBe(item.artist);
  });
});

test("plain ids load as ids only", async () => {
  await writeFile(file, new Uint8Array(buildIdIndex(["ana", "bo"]).buffer));
  expect((await loadIdIndex(file)).idOf(1)).toBe("bo");
  await expect(loadCatalogue(file)).rejects.toThrow(
    /items\.bin is damaged: it holds ids, not items/,
  );
});

test.each<[string, (bytes: Buffer) => Buffer | void, RegExp]>([
  ["empty", () => Buffer.alloc(0), /it has 0 bytes, less than a header/],
  ["another file", (b) => void b.write("ONNX"), /it does not start as one/],
  ["a newer format", (b) => void b.writeInt32LE(3, 4), /its format is 3, this build reads 1 and 2/],
  ["an artist in format 1", (b) => void b.writeInt32LE(1, 4), /entry 0 of 50/],
  ["an unknown kind", (b) => void b.writeInt32LE(9, 8), /its kind is 9/],
  ["a negative count", (b) => void b.writeInt32LE(-1, 12), /it claims -1 ids/],
  [
    "a count beyond the file",
    (b) => void b.writeInt32LE(100, 12),
    /has \d+ bytes where its header tells of \d+/,
  ],
  [
    "a count beyond the slots",
    (b) => void b.writeInt32LE(128, 12),
    /it claims 128 ids in 128 slots/,
  ],
  [
    "slots of no power of two",
    (b) => void b.writeInt32LE(100, 16),
    /100 slots, which is no power of two/,
  ],
  [
    "far too many slots",
    (b) => void b.writeInt32LE(2 ** 30, 16),
    /1073741824 slots, which is no power of two from/,
  ],
  ["negative entry bytes", (b) => void b.writeInt32LE(-8, 20), /in -8 bytes/],
  ["a truncated file", (b) => b.subarray(0, -1), /has \d+ bytes where its header tells of \d+/],
  ["trailing bytes", (b) => Buffer.concat([b, Buffer.alloc(1)]), /has \d+ bytes where/],
  [
    "an id place before the entries",
    (b) => void b.writeInt32LE(-5, idAt),
    /entry 0 of 50, at byte 0, is malformed/,
  ],
  ["an id place beyond them", (b) => void b.writeInt32LE(1e9, idAt + 4 * 49), /entry 49 of 50/],
  [
    "a slot beyond the items",
    (b) => void b.fill(0x0f, slots, slots + 8 * 128),
    /slot 0 points beside entry/,
  ],
  ["a full table", (b) => fillSlots(b), /entry 0 is in two slots/],
  ["an empty table", (b) => void b.fill(0, slots, slots + 8 * 128), /50 entries are in no slot/],
  [
    "another tag",
    (b) => void b.writeUInt8(0x0b, entries),
    /entry 0 of 50, at byte 0, is malformed/,
  ],
  [
    "a record too long",
    (b) => void b.writeUInt8(b[entries + 1]! + 1, entries + 1),
    /entry 0 of 50/,
  ],
  ["an id of length 0", (b) => void b.writeUInt8(0, entries + 8), /entry 0 of 50/],
  ["an id that is no text", (b) => void b.writeUInt8(0xff, entries + 9), /entry 0 of 50/],
  ["an artist that is no text", (b) => void b.writeUInt8(0x80, b.indexOf("Sleep")), /entry 0/],
  ["a length of 0", (b) => void b.writeUInt8(0, b.indexOf("Sleep") - 1), /entry 0 of 50/],
  ["an artist before the title", swapTexts, /entry 0 of 50/],
  ["a NUL in a title", (b) => void b.writeUInt8(0, b.indexOf("Doom")), /entry 0 of 50/],
  ["a title that is no text", (b) => void b.writeUInt8(0x80, b.indexOf("Swing")), /entry 3 of 50/],
])("%s is refused with what is wrong", async (_, change, message) => {
  await expect(loadChanged(change)).rejects.toThrow(message);
});

/** Field for field the same message: readers of records look for the title first. */
function swapTexts(bytes: Buffer): void {
  const title = bytes.indexOf("Doom") - 2;
  const artist = bytes.indexOf("Sleep") - 2;
  const end = artist + 2 + "Sleep".length;
  const swapped = [bytes.subarray(artist, end), bytes.subarray(title, artist)];
  bytes.set(Buffer.concat(swapped), title);
}

/** Every slot taken by the first entry: a search without the check would never end. */
function fillSlots(bytes: Buffer): void {
  for (let slot = 0; slot < 128; slot++) {
    bytes.writeInt32LE(0, slots + 8 * slot);
    bytes.writeInt32LE(bytes.readInt32LE(idAt), slots + 8 * slot + 4);
  }
}

test("whatever bytes change, loading ends, and what loads can be searched and read", async () => {
  const change = fc.record({
    at: fc.nat({ max: catalogue.buffer.byteLength - 1 }),
    to: fc.nat({ max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const loaded = await loadChanged((bytes) => {
        for (const { at, to } of changes) bytes[at] = to;
      }).catch((error: unknown) => {
        expect(String(error)).toContain("is damaged");
      });
      if (loaded === undefined) return;
      for (let i = 0; i < loaded.size; i++) {
        const id = Buffer.from(loaded.idOf(i));
        expect(loaded.find(id, 0, id.length)).toBeLessThan(loaded.size);
        expect(loaded.start(i)).toBeLessThan(loaded.end(i));
        expect(loaded.end(i)).toBeLessThanOrEqual(loaded.bytes.length);
        expect(loaded.titleOf(i)).not.toContain("\ufffd");
        expect(loaded.artistOf(i)).not.toContain("\ufffd");
        const title = [loaded.start(i), loaded.titleStart(i), loaded.titleEnd(i)];
        const places = [...title, loaded.artistStart(i), loaded.artistEnd(i), loaded.end(i)];
        expect(places.toSorted((a, b) => a - b)).toEqual(places);
      }
    }),
    { numRuns: 500 },
  );
});

test("other work runs while a large index is read and checked", async () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => `user-${i}`);
  await writeFile(file, new Uint8Array(buildIdIndex(ids).buffer));
  let turns = 0;
  let loading = true;
  const count = () => {
    turns += 1;
    if (loading) setImmediate(count);
  };
  setImmediate(count);
  const index = await loadIdIndex(file);
  loading = false;
  expect(index.size).toBe(100_000);
  expect(turns).toBeGreaterThan(40);
});

test("a file that is not there is the file system's error", async () => {
  await expect(loadIdIndex(join(dir, "nothing.bin"))).rejects.toThrow(/ENOENT/);
  await writeFile(file, "");
  await truncate(file, 10);
  await expect(loadIdIndex(file)).rejects.toThrow(/it has 10 bytes/);
});

import * as fc from "fast-check";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { scoreOffset } from "../../proto/item-record.ts";
import { buildCatalogue, buildIdIndex } from "./build-index.ts";
import type { CatalogueItem } from "./catalogue-item.ts";
import { openCatalogue } from "./catalogue.ts";
import { openIdIndex } from "./id-index.ts";
import type { IdIndex } from "./id-index.ts";

const padding = Buffer.from("<<<");

/** As ids come: somewhere inside a larger message. */
function find(index: IdIndex, id: string | Uint8Array): number {
  const message = Buffer.concat([padding, Buffer.from(id as string), padding]);
  return index.find(message, padding.length, message.length - padding.length);
}

const id = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 127 }),
    fc.nat().map(String),
  )
  .filter((text) => !text.includes("\0") && Buffer.byteLength(text) <= 127);

const title = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0")),
  fc.nat({ max: 1024 }).map((length) => "t".repeat(length)),
  fc.constantFrom(
    "é".repeat(61),
    "é".repeat(62),
    "x".repeat(117),
    "x".repeat(118),
    "x".repeat(119),
  ),
);

const items = fc.uniqueArray(fc.record({ id, title, artist: title }), {
  selector: (item) => item.id,
  maxLength: 60,
});

test("every id is found where it was put, and no other", () => {
  fc.assert(
    fc.property(items, fc.array(id), (known, others) => {
      const catalogue = buildCatalogue(known);
      const users = buildIdIndex(known.map((item) => item.id));
      expect(catalogue.size).toBe(known.length);
      for (const index of [catalogue, users]) {
        known.forEach((item, i) => {
          expect(index.idOf(i)).toBe(item.id);
          expect(find(index, item.id)).toBe(i);
        });
        for (const other of others) {
          expect(find(index, other)).toBe(known.findIndex((item) => item.id === other));
        }
      }
    }),
  );
});

test("what is almost an id is not found", () => {
  fc.assert(
    fc.property(items, fc.nat(), (known, seed) => {
      const index = buildCatalogue(known);
      const taken = new Set(known.map((item) => Buffer.from(item.id).toString("hex")));
      for (const item of known) {
        const bytes = Buffer.from(item.id);
        const flipped = Buffer.from(bytes);
        flipped[seed % bytes.length]! ^= 1 << (seed % 8);
        const near = [
          flipped,
          bytes.subarray(1),
          bytes.subarray(0, -1),
          Buffer.concat([bytes, Buffer.from("\0")]),
          Buffer.concat([bytes, Buffer.from("a")]),
          Buffer.concat([bytes, bytes]),
          Buffer.from([...bytes].toReversed()),
        ].filter((bytes) => !taken.has(bytes.toString("hex")));
        for (const other of near) expect(find(index, other)).toBe(-1);
      }
    }),
  );
});

test("an item's bytes are the reply that holds it", () => {
  fc.assert(
    fc.property(items, fc.float({ noNaN: true }), (known, score) => {
      const catalogue = buildCatalogue(known);
      known.forEach((item, i) => {
        const record = Buffer.from(catalogue.bytes.slice(catalogue.start(i), catalogue.end(i)));
        record.writeFloatLE(score, scoreOffset(record, 0));
        expect(RecommendResponse.decode(record).items).toEqual([{ ...item, score }]);
        expect([catalogue.titleOf(i), catalogue.artistOf(i)]).toEqual([item.title, item.artist]);
        const between = (start: number, end: number) =>
          Buffer.from(catalogue.bytes.slice(start, end)).toString();
        expect(between(catalogue.titleStart(i), catalogue.titleEnd(i))).toBe(item.title);
        expect(between(catalogue.artistStart(i), catalogue.artistEnd(i))).toBe(item.artist);
      });
    }),
  );
});

test("an empty index finds nothing", () => {
  const index = buildIdIndex([]);
  expect(find(index, "a")).toBe(-1);
  expect(find(index, "")).toBe(-1);
  expect(() => index.idOf(0)).toThrow(/index 0 is not one of 0 ids/);
});

test("sequential numbers spread: no id is many slots from where its search starts", () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => String(i));
  const index = buildIdIndex(ids);
  const slots = new Int32Array(index.buffer, 32 + 4 * index.size, 2 * 2 ** 18);
  let longestRun = 0;
  for (let slot = 0, run = 0; slot < 2 ** 18; slot++) {
    run = slots[2 * slot + 1] === 0 ? 0 : run + 1;
    longestRun = Math.max(longestRun, run);
  }
  expect(longestRun).toBeLessThan(60);
  expect(ids.every((text, i) => find(index, text) === i)).toBe(true);
});

test("the same items give the same bytes", () => {
  const known = [
    { id: "p1", title: "Doom Metal for Night Drives" },
    { id: "p2", title: "" },
  ];
  const [once, again, reversed] = [known, known, known.toReversed()].map((items) =>
    Buffer.from(buildCatalogue(items).buffer).toString("hex"),
  );
  expect(again).toBe(once);
  expect(reversed).not.toBe(once);
});

test("without artists the bytes are those of builds that knew none", () => {
  const known = [
    { id: "p1", title: "Doom" },
    { id: "é", title: "", artist: "" },
  ];
  const written =
    "43664978 01000000 01000000 02000000 04000000 1c000000 00000000 00000000 09000000 1a000000" +
    "00000000 00000000 00000030 09000000 00000000 00000000 010000d0 1a000000" +
    "0a0f0d00000000120270311a04446f6f6d 0a090d000000001202c3a9";
  const { buffer } = buildCatalogue(known);
  expect(Buffer.from(buffer).toString("hex")).toBe(written.replaceAll(" ", ""));
});

test("with an artist it is a format that those builds refuse by its number", () => {
  const { buffer } = buildCatalogue([{ id: "p1", title: "", artist: "Sleep" }]);
  expect(new Int32Array(buffer, 0, 2)[1]).toBe(2);
  const reopened = openCatalogue(buffer);
  expect([reopened.titleOf(0), reopened.artistOf(0)]).toEqual(["", "Sleep"]);
});

test("a worker opens the buffer that it is handed, without a copy", async () => {
  const catalogue = buildCatalogue([{ id: "p1", title: "Doom" }]);
  const code = `const { parentPort, workerData } = require("node:worker_threads");
    const bytes = new Uint8Array(workerData);
    bytes[bytes.length - 1] = 0x21;
    parentPort.postMessage(bytes.length);`;
  const worker = new Worker(code, { eval: true, workerData: catalogue.buffer });
  const length = await new Promise((resolve, reject) =>
    worker.on("message", resolve).on("error", reject),
  );
  expect(length).toBe(catalogue.buffer.byteLength);
  expect(openCatalogue(catalogue.buffer).titleOf(0)).toBe("Doo!");
  expect(find(openIdIndex(catalogue.buffer), "p1")).toBe(0);
});

test("ids are no items", () => {
  expect(() => openCatalogue(buildIdIndex(["p1"]).buffer)).toThrow(/holds ids, not items/);
});

const refused: [CatalogueItem[], RegExp][] = [
  [[{ id: "", title: "" }], /0: the id is empty/],
  [[{ id: "a\0b", title: "" }], /0: the id "a\\u0000b" has a NUL/],
  [[{ id: "x".repeat(128), title: "" }], /0: the id "x{127}…" has 128 bytes, at most 127/],
  [[{ id: "é".repeat(64), title: "" }], /0: the id "é{64}" has 128 bytes, at most 127/],
  [[{ id: "a\ud800", title: "" }], /0: the id "a\\ud800" is no valid text/],
  [[{ id: "a", title: "b\0" }], /0: the title of "a" has a NUL/],
  [[{ id: "a", title: "b".repeat(1025) }], /0: the title of "a" has 1025 bytes, at most 1024/],
  [[{ id: "a", title: "\udc00" }], /0: the title of "a" is no valid text/],
  [[{ id: "a", title: "", artist: "b\0" }], /0: the artist of "a" has a NUL/],
  [
    [{ id: "a", title: "", artist: "b".repeat(1025) }],
    /0: the artist of "a" has 1025 bytes, at most 1024/,
  ],
  [[{ id: "a", title: "", artist: "\udc00" }], /0: the artist of "a" is no valid text/],
];

test.each(refused)("%j is refused", (items, message) => {
  expect(() => buildCatalogue(items)).toThrow(message);
});

test("ids that repeat are named with the place of the first", () => {
  const ids = ["a", "b", "c", "b", "a"].map((id) => ({ id, title: "" }));
  expect(() => buildCatalogue(ids)).toThrow(
    '2 ids cannot be indexed:\n  - 3: the id "b" is already that of 1\n  - 4: the id "a" is already that of 0',
  );
  expect(() => buildIdIndex(["a", "a", "a"])).toThrow(
    '2 ids cannot be indexed:\n  - 1: the id "a" is already that of 0\n  - 2: the id "a" is already that of 0',
  );
});

test("of many problems the first ten are named", () => {
  const ids = Array.from({ length: 25 }, () => "");
  expect(() => buildIdIndex(ids)).toThrow(
    /^25 ids cannot(.*\n)+.*9: the id is empty\n.*and 15 more$/,
  );
});

test("int ids are numbers as JSON writes them", () => {
  const known = ["0", "7", "-12", "22434", String(Number.MAX_SAFE_INTEGER)];
  expect(buildIdIndex(known, { idType: "int" }).size).toBe(5);
  for (const id of [
    "007",
    "1.0",
    "1e3",
    "-0",
    "+1",
    " 1",
    "a",
    "9007199254740993",
    "99999999999999999",
  ]) {
    expect(() => buildIdIndex([id], { idType: "int" })).toThrow(/is no whole number/);
  }
});

import { expect, test } from "vitest";
import { readHeldVersions, writeHeldVersions } from "./held-versions.ts";

test("what is written is read again, each version once", () => {
  const held = [
    { model: "music", version: "1" },
    { model: "music", version: "v2.0" },
    { model: "films", version: "1" },
  ];
  const texts = writeHeldVersions([...held, held[0]!]);
  expect(texts).toEqual(["music@1,music@v2.0,films@1"]);
  expect(readHeldVersions(texts[0]!)).toEqual(held);
});

test("nothing held is nothing said", () => {
  expect(writeHeldVersions([])).toEqual([]);
});

test("many versions are told in several calls, none of them too long", () => {
  const held = Array.from({ length: 500 }, (_, i) => ({ model: `model-${i}`, version: `${i}` }));
  const texts = writeHeldVersions(held);
  expect(texts.length).toBeGreaterThan(1);
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(4_096);
  expect(texts.flatMap(readHeldVersions)).toEqual(held);
});

test.each(["", "@", "music", "music@", "@1", "a@b@c", "x".repeat(5_000)])(
  "%j names no version",
  (text) => {
    expect(readHeldVersions(text)).toEqual([]);
  },
);

test("what is wrong beside a version does not take it along", () => {
  expect(readHeldVersions("@,music@1, films@2,,")).toEqual([
    { model: "music", version: "1" },
    { model: "films", version: "2" },
  ]);
});

import { expect, test } from "vitest";
import type { Manifest, Variant } from "../bundle/manifest.ts";
import { readSettings } from "./settings.ts";

const [fp32, edge] = [{}, {}] as [Variant, Variant];

const good = {
  dims: 32,
  hidden: 64,
  headHidden: 48,
  activation: "gelu",
  text: { kind: "grams", rules: 1, buckets: 8192, dims: 16 },
};

function manifestWith(settings: Manifest["settings"]): Manifest {
  return { model: "songs", version: "7", settings, variants: { fp32, edge } } as Manifest;
}

test("each variant says how much it rescores, and how much it scores at once where that is not all", () => {
  const manifest = manifestWith({
    ...good,
    survivorsPerResult: { fp32: 0, edge: 4 },
    scoredAtOnce: { edge: 65_536 },
  });
  expect(readSettings(manifest, fp32)).toEqual({ ...good, survivorsPerResult: 0 });
  expect(readSettings(manifest, edge)).toEqual({
    ...good,
    survivorsPerResult: 4,
    scoredAtOnce: 65_536,
  });
  expect(readSettings(manifestWith(good), edge)).toEqual({ ...good, survivorsPerResult: 16 });
});

test("names every problem", () => {
  const settings = { ...good, activation: "tanh", text: { ...good.text, rules: 2, words: 1 } };
  expect(() => readSettings(manifestWith(settings), fp32)).toThrow(
    /songs 7 has 3 problems:\n.*settings.activation.*\n.*settings.text.words.*\n.*settings.text.rules: must be a whole number from 1 to 1, got 2/,
  );
});

test.each([
  [{ kind: "words" }, /settings.text.kind: must be one of grams.*, got "words"/],
  [{}, /settings.text.kind: must be one of grams.*, got nothing/],
  ["grams", /settings.text: must be an object, got "grams"/],
  [undefined, /settings.text: must be an object, got nothing/],
])("a text of no known kind is refused: %j", (text, says) => {
  expect(() => readSettings(manifestWith({ ...good, text }), fp32)).toThrow(says);
});

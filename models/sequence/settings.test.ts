import { expect, test } from "vitest";
import type { Manifest, Variant } from "../bundle/manifest.ts";
import { readSettings } from "./settings.ts";

const [fp32, qint8] = [{}, {}] as [Variant, Variant];

const good = {
  lengths: [16, 200],
  padding: "left",
  itemDims: 50,
  userDims: 50,
  heads: 1,
  hidden: 100,
};

function manifestWith(settings: Manifest["settings"]): Manifest {
  return { model: "movies", version: "7", settings, variants: { fp32, qint8 } } as Manifest;
}

test("each variant says how much it rescores; one that does not may take the most", () => {
  const manifest = manifestWith({ ...good, survivorsPerResult: { fp32: 0 } });
  expect(readSettings(manifest, fp32)).toEqual({ ...good, survivorsPerResult: 0 });
  expect(readSettings(manifest, qint8)).toEqual({ ...good, survivorsPerResult: 16 });
});

test("names every problem", () => {
  const settings = { ...good, lengths: [16, 16], padding: "both", itemDims: 0, width: 3 };
  expect(() => readSettings(manifestWith(settings), fp32)).toThrow(
    /movies 7 has 4 problems:\n.*settings.width.*\n.*settings.lengths: must be lengths in ascending order, got \[16, 16\].*\n.*settings.padding.*\n.*settings.itemDims/,
  );
});

test("there is at least one length", () => {
  expect(() => readSettings(manifestWith({ ...good, lengths: [] }), fp32)).toThrow("ascending");
});

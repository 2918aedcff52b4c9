import { expect, test } from "vitest";
import type { Manifest, Variant } from "../bundle/manifest.ts";
import { readSettings } from "./settings.ts";

const [fp32, qint8] = [{}, {}] as [Variant, Variant];

function manifestWith(settings: Manifest["settings"]): Manifest {
  return { model: "playlists", version: "7", settings, variants: { fp32, qint8 } } as Manifest;
}

test("each variant says how much it rescores; one that does not may take the most", () => {
  const manifest = manifestWith({ dims: 8, survivorsPerResult: { fp32: 0 } });
  expect(readSettings(manifest, fp32)).toEqual({ dims: 8, survivorsPerResult: 0 });
  expect(readSettings(manifest, qint8)).toEqual({ dims: 8, survivorsPerResult: 16 });
  expect(readSettings(manifestWith({ dims: 8 }), fp32).survivorsPerResult).toBe(16);
});

test("names every problem", () => {
  const manifest = manifestWith({ dims: 0, survivorsPerResult: { qint8: 0.5 }, width: 3 });
  expect(() => readSettings(manifest, fp32)).toThrow(
    /playlists 7 has 3 problems:\n.*settings.width.*\n.*settings.dims.*\n.*survivorsPerResult.qint8/,
  );
});

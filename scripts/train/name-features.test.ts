import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trackOf } from "../../models/names/fold-text.fixture.ts";
import { createGrams } from "../../models/names/grams.ts";

const root = join(import.meta.dirname, "..", "..");
const encoders = join(root, "models", "cold-start", "encoder", "fixtures");
const timeout = 120_000;

let folder: string;
let out: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "features-"));
  out = join(folder, "out");
});

afterAll(() => rm(folder, { recursive: true }));

async function writeFeatures(lines: string, ...args: string[]): Promise<void> {
  const tracks = join(folder, "tracks.tsv");
  await writeFile(tracks, lines);
  const script = [join("scripts", "train", "name-features.ts"), "--tracks", tracks, "--out", out];
  const tsx = join("node_modules", ".bin", "tsx");
  await promisify(execFile)(tsx, [...script, ...args], { cwd: root });
}

async function numbers(file: string): Promise<Int32Array> {
  return new Int32Array(Uint8Array.from(await readFile(file)).buffer);
}

const tracks = [
  ["Halo", "Beyoncé"],
  ["", "The The"],
  ["HALO - Live", "BEYONCE"],
  ["🔥", ""],
] as const;
const lines = tracks.map(([title, artist], i) => `t${i}\t${title}\t${artist}\n`).join("");

test("the grams are those that the server finds, track by track", { timeout }, async () => {
  await writeFeatures(lines, "--buckets", "1000");
  expect(JSON.parse(await readFile(join(out, "features.json"), "utf8"))).toEqual({
    format: 1,
    rules: 1,
    tracks: 4,
    kind: "grams",
    buckets: 1000,
    maxGrams: 64,
  });
  const grams = createGrams(1000);
  for (const name of ["title", "artist"] as const) {
    const offsets = await numbers(join(out, `${name}-offsets.i32`));
    const indexes = await numbers(join(out, `${name}s.i32`));
    expect([offsets.length, offsets.at(-1)]).toEqual([5, indexes.length]);
    tracks.forEach(([title, artist], i) => {
      grams.read(trackOf(title, artist));
      const found = indexes.subarray(offsets[i], offsets[i + 1]);
      expect(found).toEqual(grams[name].indexes.slice(0, grams[name].count));
    });
  }
});

test("an encoder's vectors, one for each track", { timeout }, async () => {
  const { pairs, mean } = JSON.parse(
    await readFile(join(encoders, "minilm", "vectors.json"), "utf8"),
  ) as { pairs: [string, string][]; mean: number[][] };
  // The table has no room for tabs and line feeds in names.
  const fits = pairs.map(([title, artist]) => !/[\t\n]/.test(title + artist));
  await writeFeatures(
    pairs.flatMap(([title, artist], i) => (fits[i] ? `t\t${title}\t${artist}\n` : [])).join(""),
    "--encoder",
    join(encoders, "minilm", "encoder.onnx"),
    "--tokenizer",
    join(encoders, "minilm", "tokenizer.json"),
    "--max-tokens",
    "48",
  );
  const found = new Float32Array(
    Uint8Array.from(await readFile(join(out, "embeddings.f32"))).buffer,
  );
  const wanted = mean.filter((_, i) => fits[i]).flat();
  expect(found.length).toBe(wanted.length);
  const apart = wanted.map((value, i) => Math.abs(value - found[i]!));
  expect(Math.max(...apart)).toBeLessThan(1e-4);
});

test("what only an encoder takes is refused without one", { timeout }, async () => {
  const idle = writeFeatures(lines, "--buckets", "10", "--pooling", "cls");
  await expect(idle).rejects.toThrow("--pooling needs --encoder");
});

test.each([
  ["t1\tonly a title\n", /line 1 of \S+ is not an id, a title and an artist/],
  ["t0\ta\tb\nt1\ta\tb\tc\n", /line 2 of \S+ is not an id/],
])("%j is refused, and nothing looks complete", { timeout }, async (lines, message) => {
  const summary = join(out, "features.json");
  await writeFeatures("t0\ta\tb\n", "--buckets", "10");
  expect(existsSync(summary)).toBe(true);
  await expect(writeFeatures(lines, "--buckets", "10")).rejects.toThrow(message);
  expect(existsSync(summary)).toBe(false);
});

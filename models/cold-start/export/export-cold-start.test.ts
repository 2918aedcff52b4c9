import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildCatalogue } from "../../catalogue/build-index.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { exportColdStart } from "./export-cold-start.ts";
import { gramText } from "./gram-text.ts";
import type { ColdStartSource } from "./source.ts";
import { readTrained } from "./trained/read-trained.ts";
import { toWeights } from "./trained/to-weights.ts";
import {
  randomTrained,
  writeTrained,
  type RandomTrainedOptions,
} from "./trained/write-trained.fixture.ts";

async function emptyFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "export-cold-start-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function sourceOf(options: RandomTrainedOptions = {}): Promise<ColdStartSource> {
  const dir = await emptyFolder();
  await writeTrained(dir, randomTrained(options));
  const trained = await readTrained(dir);
  const { text } = trained.shape;
  if (text.kind !== "grams") throw new Error("the fixture has grams");
  return {
    weights: toWeights(trained),
    text: gramText(text),
    items: buildCatalogue(trained.items),
    popularity: Float32Array.from(trained.items, ({ count }) => count),
    playlists: trained.playlists,
    version: "4",
  };
}

const all = ["fp32", "qint8", "fp16", "edge"] as const;

test("all variants are inside the gate, and read what they need and no more", async () => {
  const source = await sourceOf({ items: 300, playlists: 80 });
  const lines: string[] = [];
  const { variants, parts, settings, refusals } = await exportColdStart(source, {
    dir: await emptyFolder(),
    open: openRunner,
    variants: all,
    mostProbes: 70,
    log: (line) => lines.push(line),
  });
  expect(Object.keys(variants)).toEqual(all);
  const common = ["items", "popularity", "names", "name-chains"];
  const ofFp32 = [...common, "item-vectors", "gram-vectors", "body"];
  expect(variants.fp32.parts.toSorted()).toEqual(ofFp32.toSorted());
  const named = Object.values(variants).flatMap(({ graphs, parts: own }) => [
    graphs["main"],
    ...own,
  ]);
  expect(new Set(["items", ...Object.keys(parts)])).toEqual(new Set(["probes", ...named]));
  expect(variants.edge!.parts.slice(4)).toEqual(
    expect.arrayContaining(["item-codes", "item-scales", "gram-codes", "gram-scales"]),
  );
  expect(settings).toMatchObject({
    dims: 8,
    hidden: 12,
    headHidden: 10,
    activation: "gelu",
    text: { kind: "grams", rules: 1, buckets: 512, dims: 6 },
  });
  for (const { passport } of Object.values(variants)) {
    expect(passport.warm.users).toBe(70);
    expect(passport.cold.users).toBe(70);
    expect(passport.cold.agreement.overlap10).toBeGreaterThan(0.96);
  }
  expect(variants.fp32.passport.warm.metrics).not.toEqual(variants.fp32.passport.cold.metrics);
  expect(lines[0]).toMatch(/^fp32: 70 warm users: HR@10 0\.\d+, .*; 70 cold users: /);
  for (const refusal of refusals) expect(lines).toContain(`refused ${refusal}`);
});

test("a model that float16 cannot hold has no fp16 variant, and the log says so with the figures", async () => {
  const source = await sourceOf();
  const { itemVectors } = source.weights;
  itemVectors.forEach((value, i) => (itemVectors[i] = value * 1e6));
  const lines: string[] = [];
  const { variants, refusals } = await exportColdStart(source, {
    dir: await emptyFolder(),
    open: openRunner,
    variants: ["fp16"],
    mostProbes: 1_000,
    log: (line) => lines.push(line),
  });
  expect(Object.keys(variants)).toEqual(["fp32"]);
  expect(refusals[0]).toMatch(
    /^fp16, half: .*warm users: overlap@10 with fp32 is 0\.\d+, at least 0\.96 is needed/,
  );
  expect(lines.at(-1)).toBe("no fp16 variant: no way of storing it is inside the gate");
});

test("playlists of which nobody knows a track are nothing to measure on", async () => {
  const source = await sourceOf();
  const playlists = source.playlists.map((playlist) => ({
    ...playlist,
    tracks: playlist.tracks.map(({ title }) => ({ title: `${title} nobody`, artist: "" })),
  }));
  await expect(
    exportColdStart(
      { ...source, playlists },
      { dir: await emptyFolder(), open: openRunner, variants: [], mostProbes: 10 },
    ),
  ).rejects.toThrow(/of 60 playlists that were kept back, none has a track that the catalogue/);
});

test("stopped, it rejects with the reason and leaves no graph open", async () => {
  const stop = new AbortController();
  let open = 0;
  const stopping = exportColdStart(await sourceOf(), {
    dir: await emptyFolder(),
    variants: all,
    mostProbes: 100,
    signal: stop.signal,
    open: async (file) => {
      const runner = await openRunner(file);
      open += 1;
      return {
        run: (feeds) => {
          stop.abort(new Error("enough"));
          return runner.run(feeds, unhurried);
        },
        close: async () => {
          await runner.close();
          open -= 1;
        },
      };
    },
  });
  await expect(stopping).rejects.toThrow("enough");
  expect(open).toBe(0);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { defaultRequestLimits } from "../../../proto/request-limits.ts";
import { buildCatalogue } from "../../catalogue/build-index.ts";
import type { CatalogueItem } from "../../catalogue/catalogue-item.ts";
import { buildNameIndex } from "../../names/build-name-index.ts";
import { loadNameIndex } from "../../names/load-name-index.ts";
import { createGramTower } from "../gram-tower.ts";
import { toProbes } from "./to-probes.ts";

/** @param songs The most popular first. */
async function sourcesOf(songs: readonly Required<CatalogueItem>[]) {
  const dir = await mkdtemp(join(tmpdir(), "probes-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const items = buildCatalogue(songs);
  const built = buildNameIndex(
    items,
    Float32Array.from(songs, (_, i) => songs.length - i),
  );
  const files = { names: join(dir, "names"), chains: join(dir, "chains") };
  await writeFile(files.names, built.names);
  await writeFile(files.chains, built.chains);
  const names = await loadNameIndex(files, items);
  return { items, names, tower: createGramTower({ buckets: 16, dims: 4 }) };
}

const { maxExclude } = defaultRequestLimits;
const intros = Array.from({ length: maxExclude + 500 }, (_, i) => ({
  id: `i${i}`,
  title: i % 2 === 0 ? "Intro" : `Intro (Remastered ${1980 + (i % 40)})`,
  artist: "Various",
}));
const own = { id: "own", title: "Long Road", artist: "The Lamps" };
const target = { id: "target", title: "Blue Road", artist: "The Lamps" };

test("of namesakes no more are left out than a request may exclude, and the tracks themselves", async () => {
  const sources = await sourcesOf([...intros, own, target]);
  const first = toProbes([{ tracks: [intros[0]!, own], target: "target" }], sources, 1);
  const { history } = first.probes.warm[0]!;
  expect(new Set(history).size).toBe(history.length);
  expect(history.length).toBeLessThanOrEqual(maxExclude + 2);
  expect(history).toEqual(first.probes.cold[0]!.history);
  expect([...history]).toEqual(expect.arrayContaining([0, 1, 2, intros.length]));
});

test("the order of a playlist's tracks changes nothing of what is left out", async () => {
  const sources = await sourcesOf([...intros, own, target]);
  const left = ([...tracks]: readonly (typeof own)[]) =>
    toProbes([{ tracks, target: "target" }], sources, 1).probes.warm[0]!.history.toSorted();
  expect(left([own, intros[0]!])).toEqual(left([intros[0]!, own]));
});

test("what is new is told by its name, and a playlist without an item measures nothing", async () => {
  const sources = await sourcesOf([own, target]);
  const nobody = { title: "Nothing Known", artist: "Nobody" };
  const { probes } = toProbes([{ tracks: [nobody, own], target: "target" }], sources, 5);
  expect(probes.warm[0]).toMatchObject({ next: 1, known: Int32Array.of(0) });
  expect([probes.warm[0]!.texts.count, probes.cold[0]!.texts.count]).toEqual([1, 2]);
  expect(() => toProbes([{ tracks: [nobody], target: "target" }], sources, 5)).toThrow(
    "of 1 playlists that were kept back, none has a track that the catalogue knows",
  );
});

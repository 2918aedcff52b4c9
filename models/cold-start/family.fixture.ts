import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { buildCatalogue } from "../catalogue/build-index.ts";
import type { CatalogueItem } from "../catalogue/catalogue-item.ts";
import { buildNameIndex } from "../names/build-name-index.ts";
import { loadNameIndex } from "../names/load-name-index.ts";
import { createColdStartFamily, type ColdStartOptions } from "./family.ts";
import { createGramTower } from "./gram-tower.ts";
import type { ColdStartShape, GramShape } from "./shape.ts";

export const text: GramShape = { kind: "grams", buckets: 300, dims: 8 };

/** Sixty songs; the last three are the first one again: as it is, remastered, and by somebody else. */
export const songs: readonly CatalogueItem[] = [
  ...Array.from({ length: 57 }, (_, i) => ({
    id: `s${i}`,
    title: `${["Blue", "Long", "Silver", "Paper"][i % 4]} Road ${i}`,
    artist: `The ${["Lamps", "Foxes", "Harbours"][i % 3]}`,
  })),
  { id: "again", title: "Blue Road 0", artist: "The Lamps" },
  { id: "remaster", title: "Blue Road 0 - Remastered 2011", artist: "The Lamps" },
  { id: "cover", title: "Blue Road 0", artist: "Other People" },
];

export const shape: ColdStartShape = {
  items: songs.length,
  dims: 12,
  text,
  hidden: 16,
  headHidden: 20,
  activation: "gelu",
};

export const popularity = Float32Array.from(songs, (_, i) => i % 10);

export async function openFamily(options: Partial<ColdStartOptions> = {}) {
  const items = buildCatalogue(songs);
  return createColdStartFamily({
    settings: { ...shape, text: { ...text, rules: 1 }, survivorsPerResult: 0 },
    items,
    names: await indexNames(items),
    tower: createGramTower(text),
    popularity,
    limits: defaultRequestLimits,
    ...options,
  });
}

/** By the way of files, as a bundle has them. */
async function indexNames(items: ReturnType<typeof buildCatalogue>) {
  const dir = await mkdtemp(join(tmpdir(), "names-"));
  try {
    const files = { names: join(dir, "names"), chains: join(dir, "chains") };
    const built = buildNameIndex(items, popularity);
    await writeFile(files.names, built.names);
    await writeFile(files.chains, built.chains);
    return await loadNameIndex(files, items);
  } finally {
    await rm(dir, { recursive: true });
  }
}

import { readFile } from "node:fs/promises";
import { ServingError } from "../../proto/serving-error.ts";
import { partFile, type Bundle } from "../bundle/bundle.ts";
import { loadCatalogue, loadIdIndex } from "../catalogue/load-index.ts";
import type { OpenFamily } from "../open-family.ts";
import { createTwoTowerFamily } from "./family.ts";
import { twoTowerParts } from "./parts.ts";
import { readSettings } from "./settings.ts";

/** Parts that the family reads itself, once for all sessions. */
const readHere: readonly string[] = [
  twoTowerParts.items,
  twoTowerParts.users,
  twoTowerParts.popularity,
];

/** Opens what a bundle of this family holds besides its weights: the ids of items and users, and popularity. */
export const openTwoTower: OpenFamily = async (bundle, variant, options) => {
  const { dims, survivorsPerResult } = readSettings(bundle.manifest, variant);
  const items = await loadCatalogue(partFile(bundle, twoTowerParts.items));
  const users = await loadIdIndex(partFile(bundle, twoTowerParts.users));
  const rows = { items: items.size, users: users.size };
  assertBytes(bundle, twoTowerParts.popularity, 4 * rows.items);
  // One row more than items and users: zeros, for padding and for the unknown.
  assertBytes(bundle, twoTowerParts.itemVectors, 4 * dims * (rows.items + 1));
  assertBytes(bundle, twoTowerParts.userVectors, 4 * dims * (rows.users + 1));
  const popularity = await readFloats(partFile(bundle, twoTowerParts.popularity));
  assertCounts(bundle, popularity);
  return {
    family: createTwoTowerFamily({
      items,
      users,
      popularity,
      dims,
      survivorsPerResult,
      ...options,
    }),
    graph: graphOf(bundle, variant.graphs),
    weights: variant.parts.filter((part) => !readHere.includes(part)),
    itemCount: items.size,
  };
};

function graphOf({ manifest }: Bundle, graphs: Readonly<Record<string, string>>): string {
  const graph = graphs[twoTowerParts.graphRole];
  if (graph !== undefined) return graph;
  const roles = Object.keys(graphs).join(", ") || "none";
  throw mismatch(
    manifest,
    `a two-tower variant names its graph "${twoTowerParts.graphRole}"; this one names ${roles}`,
  );
}

function assertBytes({ manifest }: Bundle, part: string, expected: number): void {
  const found = manifest.parts[part]?.bytes;
  if (found === expected) return;
  throw mismatch(
    manifest,
    `part ${part} has ${found ?? "no"} bytes where the ids need ${expected}`,
  );
}

function assertCounts({ manifest }: Bundle, popularity: Float32Array): void {
  const item = popularity.findIndex((count) => !(count >= 0 && count < Infinity));
  if (item < 0) return;
  const found = `part ${twoTowerParts.popularity} says ${popularity[item]} of item ${item}`;
  throw mismatch(manifest, `${found}, where a count from 0 is needed`);
}

function mismatch({ model, version }: Bundle["manifest"], problem: string): ServingError {
  return new ServingError(
    "FAILED_PRECONDITION",
    `${model} ${version}: ${problem}; export the bundle again`,
  );
}

async function readFloats(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  // A copy, since a pooled Buffer need not start at a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

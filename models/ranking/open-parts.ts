import { readFile } from "node:fs/promises";
import { ServingError } from "../../proto/serving-error.ts";
import { partFile, type Bundle } from "../bundle/bundle.ts";
import type { Variant } from "../bundle/manifest.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import { loadCatalogue, loadIdIndex } from "../catalogue/load-index.ts";
import { rankingParts } from "./parts.ts";

/** What a ranking family reads of a bundle itself, once for all sessions. */
export interface RankingParts {
  readonly items: Catalogue;
  /** Absent where the variant has no such part. */
  readonly users: IdIndex | undefined;
  readonly popularity: Float32Array;
  /** Part name of the variant's graph. */
  readonly graph: string;
  /** Names of the parts that the graph reads. */
  readonly weights: readonly string[];
}

const { items, users, popularity, graphRole } = rankingParts;
const readHere: readonly string[] = [items, users, popularity];

/**
 * Throws a ServingError for parts that are damaged or do not fit together.
 * @param ofFamily Parts that the family reads itself: no graph does.
 */
export async function openRankingParts(
  bundle: Bundle,
  variant: Variant,
  ofFamily: readonly string[] = [],
): Promise<RankingParts> {
  const graph = graphOf(bundle, variant);
  const catalogue = await loadCatalogue(partFile(bundle, items));
  assertBytes(bundle, popularity, 4 * catalogue.size);
  const counts = await readFloats(partFile(bundle, popularity));
  assertCounts(bundle, counts);
  return {
    items: catalogue,
    users: variant.parts.includes(users) ? await loadIdIndex(partFile(bundle, users)) : undefined,
    popularity: counts,
    graph,
    weights: variant.parts.filter((part) => ![...readHere, ...ofFamily].includes(part)),
  };
}

export function assertBytes({ manifest }: Bundle, part: string, expected: number): void {
  const found = manifest.parts[part]?.bytes;
  if (found === expected) return;
  throw mismatch(
    manifest,
    `part ${part} has ${found ?? "no"} bytes where the ids need ${expected}`,
  );
}

export function mismatch({ model, version }: Bundle["manifest"], problem: string): ServingError {
  return new ServingError(
    "FAILED_PRECONDITION",
    `${model} ${version}: ${problem}; export the bundle again`,
  );
}

function graphOf({ manifest }: Bundle, { graphs }: Variant): string {
  const graph = graphs[graphRole];
  if (graph !== undefined) return graph;
  const roles = Object.keys(graphs).join(", ") || "none";
  throw mismatch(
    manifest,
    `a ${manifest.family} variant names its graph "${graphRole}"; this one names ${roles}`,
  );
}

function assertCounts({ manifest }: Bundle, counts: Float32Array): void {
  const item = counts.findIndex((count) => !(count >= 0 && count < Infinity));
  if (item < 0) return;
  const found = `part ${popularity} says ${counts[item]} of item ${item}`;
  throw mismatch(manifest, `${found}, where a count from 0 is needed`);
}

async function readFloats(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  // A copy, since a pooled Buffer need not start at a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

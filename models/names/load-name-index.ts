import type { Catalogue } from "../catalogue/catalogue.ts";
import { damaged } from "../catalogue/layout.ts";
import { loadIdIndex } from "../catalogue/load-index.ts";
import { readShared, runCheck } from "../catalogue/read-shared.ts";
import { chainsProblem, checkChains, readChains } from "./chains.ts";
import { createNameIndex, type NameIndex } from "./name-index.ts";
import { createTrackName } from "./track-name.ts";

/** Files of the parts `nameParts`. */
export interface NameIndexFiles {
  readonly names: string;
  readonly chains: string;
}

/** Reads and checks both in small pieces. Throws DATA_LOSS for what is damaged. */
export async function loadNameIndex(
  files: NameIndexFiles,
  catalogue: Catalogue,
): Promise<NameIndex> {
  const keys = await loadIdIndex(files.names);
  const buffer = await readShared(files.chains);
  const problem = chainsProblem(buffer, keys.size);
  if (problem !== undefined) throw damaged(files.chains, problem);
  const chains = readChains(buffer, keys.size);
  await runCheck(files.chains, checkChains(chains, catalogue.size));
  const index = createNameIndex({ keys, chains, catalogue });
  const lost = findLost(index, catalogue);
  if (lost >= 0) {
    throw damaged(
      files.names,
      `item ${lost} is not found by its own name, as if names were read by other rules`,
    );
  }
  return index;
}

const sampleSize = 256;

/** Looks for items all over the catalogue by their own names. @returns One that is not found, or -1. */
function findLost(index: NameIndex, catalogue: Catalogue): number {
  const track = createTrackName();
  const step = Math.max(1, Math.floor(catalogue.size / sampleSize));
  for (let item = 0; item < catalogue.size; item += step) {
    track.readItem(catalogue, item);
    if (track.titleStart === track.titleEnd) continue;
    const { chainStart, chainEnd } = index.find(track);
    if (!index.items.subarray(chainStart, chainEnd).includes(item)) return item;
  }
  return -1;
}

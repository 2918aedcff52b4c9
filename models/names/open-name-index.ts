import type { Catalogue } from "../catalogue/catalogue.ts";
import { openIdIndex } from "../catalogue/id-index.ts";
import { readChains } from "./chains.ts";
import { createNameIndex, type NameIndex } from "./name-index.ts";

/** The memory of an index that was just built. */
export interface NameBuffers {
  readonly names: SharedArrayBuffer;
  readonly chains: SharedArrayBuffer;
}

export function openNameIndex({ names, chains }: NameBuffers, catalogue: Catalogue): NameIndex {
  const keys = openIdIndex(names);
  return createNameIndex({ keys, chains: readChains(chains, keys.size), catalogue });
}

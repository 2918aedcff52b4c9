import type { Catalogue } from "../catalogue/catalogue.ts";
import { damaged } from "../catalogue/layout.ts";
import { loadIdIndex } from "../catalogue/load-index.ts";
import { readShared, runCheck } from "../catalogue/read-shared.ts";
import { chainsProblem, checkChains, readChains } from "./chains.ts";
import { createNameIndex, type NameIndex } from "./name-index.ts";

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
  return createNameIndex({ keys, chains, catalogue });
}

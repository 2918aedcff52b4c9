import { catalogueOf } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { checkLayout } from "./check-layout.ts";
import { indexOf } from "./id-index.ts";
import type { IdIndex } from "./id-index.ts";
import { damaged, readLayout } from "./layout.ts";
import type { IndexKind, Layout } from "./layout.ts";
import { readShared, runCheck } from "./read-shared.ts";

export async function loadIdIndex(file: string): Promise<IdIndex> {
  return indexOf(await loadLayout(file, "ids"));
}

export async function loadCatalogue(file: string): Promise<Catalogue> {
  return catalogueOf(await loadLayout(file, "items"));
}

/** Reads and checks in small pieces: the thread serves requests meanwhile. */
async function loadLayout(file: string, kind: IndexKind): Promise<Layout> {
  const layout = readLayout(await readShared(file), file);
  if (layout.kind !== kind) throw damaged(file, `it holds ${layout.kind}, not ${kind}`);
  await runCheck(file, checkLayout(layout));
  return layout;
}

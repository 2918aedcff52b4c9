import type { BundleDraft, NewPart } from "../bundle/write-bundle.ts";
import { buildCatalogue, buildIdIndex } from "../catalogue/build-index.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CatalogueItem } from "../catalogue/catalogue-item.ts";
import { rankingParts } from "../ranking/parts.ts";

type Names = Pick<BundleDraft, "model" | "version" | "family" | "idType">;

export interface Ids {
  /** In the order of the model's tables; or the catalogue, where it is built. */
  readonly items: Iterable<CatalogueItem> | Catalogue;
  /** Undefined: the model knows nobody. */
  readonly userIds: Iterable<string> | undefined;
}

/** What a family exported, with the parts that hold ids. Throws for ids and titles that cannot be served. */
export function draftBundle(
  { parts, variants, settings }: Pick<BundleDraft, "parts" | "variants" | "settings">,
  { items, userIds }: Ids,
  names: Names,
): BundleDraft {
  const { version, idType } = names;
  const idPart = (file: string, { buffer }: { buffer: SharedArrayBuffer }): NewPart => ({
    file,
    version,
    content: new Uint8Array(buffer),
  });
  return {
    ...names,
    created: new Date().toISOString(),
    settings,
    parts: {
      ...parts,
      [rankingParts.items]: idPart(
        "items.ids",
        "buffer" in items ? items : buildCatalogue(items, { idType }),
      ),
      ...(userIds && {
        [rankingParts.users]: idPart("users.ids", buildIdIndex(userIds, { idType })),
      }),
    },
    variants,
  };
}

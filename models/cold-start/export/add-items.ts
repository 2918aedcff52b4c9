import { join } from "node:path";
import type { Bundle } from "../../bundle/bundle.ts";
import { buildCatalogue } from "../../catalogue/build-index.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import type { CatalogueItem } from "../../catalogue/catalogue-item.ts";
import { indexOfId } from "../../catalogue/index-of-id.ts";
import type { IdType } from "../../catalogue/id-rules.ts";
import { readNames, type NamedTrack } from "../../names/read-names.ts";
import { createTrackName } from "../../names/track-name.ts";
import { openBundleSource, type BundleSource } from "./bundle-source.ts";
import { textOfBundle } from "./text-of-bundle.ts";
import { writeNameVectors, type NameVectorOptions } from "./name-vectors.ts";
import type { ColdStartSource } from "./source.ts";

export interface AddedItem extends NamedTrack {
  readonly id: string;
}

export interface AddItemsOptions extends Pick<
  NameVectorOptions,
  "dir" | "open" | "watch" | "signal"
> {
  readonly idType: IdType;
  /** Of the bundle that is to come. */
  readonly version: string;
}

export interface ItemsAdded {
  readonly source: ColdStartSource;
  /** Added items of which the bundle has one of the very same name. */
  readonly twins: readonly Twin[];
}

export interface Twin {
  readonly id: string;
  readonly of: string;
}

/**
 * A bundle's model with more items, whose vectors are what the projector makes of their names; nobody has chosen them yet. Throws an
 * Error that names all ids which are there already, FAILED_PRECONDITION for a bundle that lacks something.
 */
export async function addItems(
  bundle: Bundle,
  added: readonly AddedItem[],
  { dir, idType, version, ...running }: AddItemsOptions,
): Promise<ItemsAdded> {
  const from = await openBundleSource(bundle);
  refuseRepeated(from.items, added);
  const items = buildCatalogue(joined(from.items, added), { idType });
  const weights = await from.weights(added.length);
  const text = textOfBundle(bundle, from.settings.text);
  const rows = weights.itemVectors.subarray(from.items.size * weights.dims);
  await writeNameVectors(added, rows, { ...running, dir: join(dir, "names"), text, weights });
  const popularity = new Float32Array(items.size);
  popularity.set(from.popularity);
  const { playlists } = from;
  return {
    source: { weights, text, items, popularity, playlists, version },
    twins: twinsOf(from, added),
  };
}

function* joined(items: Catalogue, added: readonly AddedItem[]): Generator<CatalogueItem> {
  for (let item = 0; item < items.size; item++)
    yield { id: items.idOf(item), title: items.titleOf(item), artist: items.artistOf(item) };
  yield* added;
}

function refuseRepeated(items: Catalogue, added: readonly AddedItem[]): void {
  const there = added.filter(({ id }) => indexOfId(items, id) >= 0);
  if (there.length === 0) return;
  const ids = there.map(({ id }) => JSON.stringify(id)).join(", ");
  throw new Error(
    `${there.length} of ${added.length} ids are in the bundle already, and what it knows of them was trained; leave them out: ${ids}`,
  );
}

function twinsOf({ names, items }: BundleSource, added: readonly AddedItem[]): readonly Twin[] {
  const track = createTrackName();
  return added.flatMap((one) => {
    readNames(track, one);
    const { match, item } = names.find(track);
    return match === "known" ? [{ id: one.id, of: items.idOf(item) }] : [];
  });
}

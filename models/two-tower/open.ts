import type { OpenFamily } from "../open-family.ts";
import { assertBytes, mismatch, openRankingParts } from "../ranking/open-parts.ts";
import { createTwoTowerFamily } from "./family.ts";
import { twoTowerParts } from "./parts.ts";
import { readSettings } from "./settings.ts";

/** Opens what a bundle of this family holds besides its weights: the ids of items and users, and popularity. */
export const openTwoTower: OpenFamily = async (bundle, variant, options) => {
  const { dims, survivorsPerResult } = readSettings(bundle.manifest, variant);
  const { items, users, popularity, graph, weights } = await openRankingParts(bundle, variant);
  if (users === undefined)
    throw mismatch(bundle.manifest, `the variant lacks the part ${twoTowerParts.users}`);
  // One row more than items and users: zeros, for padding and for the unknown.
  assertBytes(bundle, twoTowerParts.itemVectors, 4 * dims * (items.size + 1));
  assertBytes(bundle, twoTowerParts.userVectors, 4 * dims * (users.size + 1));
  return {
    family: createTwoTowerFamily({
      items,
      users,
      popularity,
      dims,
      survivorsPerResult,
      ...options,
    }),
    graph,
    weights,
    itemCount: items.size,
  };
};

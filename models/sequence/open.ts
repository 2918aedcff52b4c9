import type { Bundle } from "../bundle/bundle.ts";
import type { Variant } from "../bundle/manifest.ts";
import type { OpenFamily } from "../open-family.ts";
import { assertBytes, openRankingParts } from "../ranking/open-parts.ts";
import { createSequenceFamily } from "./family.ts";
import { sequenceParts } from "./parts.ts";
import { readSettings, type VariantSettings } from "./settings.ts";

/** Opens what a bundle of this family holds besides its weights: the ids of items and, where they matter, of users, and popularity. */
export const openSequence: OpenFamily = async (bundle, variant, options) => {
  const settings = readSettings(bundle.manifest, variant);
  const { items, users, popularity, graph, weights } = await openRankingParts(bundle, variant);
  assertTables(bundle, variant, { settings, items: items.size, users: users?.size });
  return {
    family: createSequenceFamily({ settings, items, users, popularity, ...options }),
    graph,
    weights,
    itemCount: items.size,
  };
};

interface Rows {
  readonly settings: VariantSettings;
  readonly items: number;
  readonly users: number | undefined;
}

/** An index that is not in a table would fail its whole batch. */
function assertTables(bundle: Bundle, { parts }: Variant, { settings, items, users }: Rows): void {
  const { itemDims, userDims } = settings;
  // One row more than items and users: padding, and the mean.
  const expected: Readonly<Record<string, number>> = {
    [sequenceParts.itemVectors]: 4 * itemDims * (items + 1),
    [sequenceParts.itemHalves]: 2 * itemDims * (items + 1),
    [sequenceParts.itemCodes]: itemDims * (items + 1),
    [sequenceParts.itemScales]: 4 * (items + 1),
    ...(users !== undefined && {
      [sequenceParts.userVectors]: 4 * userDims * (users + 1),
      [sequenceParts.userHalves]: 2 * userDims * (users + 1),
      [sequenceParts.userCodes]: userDims * (users + 1),
      [sequenceParts.userScales]: 4 * (users + 1),
    }),
    [sequenceParts.meanUser]: 4 * userDims,
  };
  for (const [part, bytes] of Object.entries(expected))
    if (parts.includes(part)) assertBytes(bundle, part, bytes);
}

import { partFile, type Bundle } from "../bundle/bundle.ts";
import type { Variant } from "../bundle/manifest.ts";
import { loadNameIndex } from "../names/load-name-index.ts";
import type { OpenFamily } from "../open-family.ts";
import { assertBytes, openRankingParts } from "../ranking/open-parts.ts";
import { createColdStartFamily } from "./family.ts";
import { encoderParts } from "./encoder/encoder-parts.ts";
import { openEncoderText } from "./encoder/open-encoder-text.ts";
import { createGramTower } from "./gram-tower.ts";
import { coldStartParts } from "./parts.ts";
import { readSettings, type TextSettings, type VariantSettings } from "./settings.ts";
import type { TextTower } from "./tower.ts";

const { names, nameChains } = coldStartParts;
const readByFamily = [names, nameChains, encoderParts.encoder, encoderParts.tokenizer];

/** Opens what a bundle of this family holds besides its weights: the ids and names of items, and popularity. */
export const openColdStart: OpenFamily = async (bundle, variant, options) => {
  const settings = readSettings(bundle.manifest, variant);
  const opened = await openRankingParts(bundle, variant, readByFamily);
  const { items, popularity, graph, weights } = opened;
  assertTables(bundle, variant, { settings, itemCount: items.size });
  const files = { names: partFile(bundle, names), chains: partFile(bundle, nameChains) };
  return {
    family: createColdStartFamily({
      settings,
      items,
      names: await loadNameIndex(files, items),
      tower: await openTower(bundle, settings.text),
      popularity,
      ...options,
    }),
    graph,
    weights,
    itemCount: items.size,
  };
};

function openTower(bundle: Bundle, text: TextSettings): TextTower | Promise<TextTower> {
  return text.kind === "grams" ? createGramTower(text) : openEncoderText(bundle, text);
}

interface Rows {
  readonly settings: VariantSettings;
  readonly itemCount: number;
}

/** An index that is not in a table would fail its whole batch. */
function assertTables(bundle: Bundle, { parts }: Variant, { settings, itemCount }: Rows): void {
  const { dims, text } = settings;
  // One row more than there are: padding.
  const items = itemCount + 1;
  const grams = text.kind === "grams" ? text.buckets + 1 : 0;
  const expected: Readonly<Record<string, number>> = {
    [coldStartParts.itemVectors]: 4 * dims * items,
    [coldStartParts.itemHalves]: 2 * dims * items,
    [coldStartParts.itemCodes]: dims * items,
    [coldStartParts.itemScales]: 4 * items,
    [coldStartParts.gramVectors]: 4 * text.dims * grams,
    [coldStartParts.gramHalves]: 2 * text.dims * grams,
    [coldStartParts.gramCodes]: text.dims * grams,
    [coldStartParts.gramScales]: 4 * grams,
  };
  for (const [part, bytes] of Object.entries(expected))
    if (parts.includes(part)) assertBytes(bundle, part, bytes);
}

import { partFile, type Bundle } from "../../bundle/bundle.ts";
import { refusal } from "../../bundle/parse-manifest.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { indexOfId } from "../../catalogue/index-of-id.ts";
import { loadCatalogue } from "../../catalogue/load-index.ts";
import { loadNameIndex } from "../../names/load-name-index.ts";
import type { NameIndex } from "../../names/name-index.ts";
import { encoderParts } from "../encoder/encoder-parts.ts";
import { coldStartParts } from "../parts.ts";
import { readSettings, shapeOf, type ColdStartSettings } from "../settings.ts";
import type { ColdStartShape } from "../shape.ts";
import type { ColdStartWeights } from "../weights.ts";
import { affinesOf } from "./body-affines.ts";
import type { Playlist } from "./playlists.ts";
import { probesPart, readProbesPart } from "./probes-part.ts";
import { readFloats } from "./read-floats.ts";

/** What a bundle holds that can be exported once more. */
export interface BundleSource {
  readonly settings: Omit<ColdStartSettings, "survivorsPerResult" | "scoredAtOnce">;
  readonly items: Catalogue;
  readonly names: NameIndex;
  readonly popularity: Float32Array;
  readonly playlists: readonly Playlist[];
  /** @param room For so many items more, which are all zeros. */
  weights(room: number): Promise<ColdStartWeights>;
}

const { items, names, nameChains, popularity, itemVectors, gramVectors, body } = coldStartParts;

/** Throws FAILED_PRECONDITION with everything that the bundle lacks. */
export async function openBundleSource(bundle: Bundle): Promise<BundleSource> {
  const { manifest } = bundle;
  const settings = readSettings(manifest, manifest.variants.fp32!);
  refuseIncomplete(bundle, settings);
  const catalogue = await loadCatalogue(partFile(bundle, items));
  const shape = shapeOf(settings, catalogue.size);
  const { text, dims } = shape;
  const floats = (part: string, count: number, room = 0) =>
    readFloats(partFile(bundle, part), { count, room });
  return {
    settings,
    items: catalogue,
    names: await loadNameIndex(
      { names: partFile(bundle, names), chains: partFile(bundle, nameChains) },
      catalogue,
    ),
    popularity: await floats(popularity, shape.items),
    playlists: await readProbesPart(bundle, (id) => indexOfId(catalogue, id) >= 0),
    weights: async (room) => ({
      ...shapeOf(settings, shape.items + room),
      // Behind the items lies a row of zeros, which every table of an export gets again.
      itemVectors: await floats(itemVectors, shape.items * dims, room * dims),
      gramVectors:
        text.kind === "grams"
          ? await floats(gramVectors, text.buckets * text.dims)
          : new Float32Array(),
      ...(await layersOf(bundle, shape)),
    }),
  };
}

async function layersOf(bundle: Bundle, shape: ColdStartShape) {
  return affinesOf(shape, (count) => readFloats(partFile(bundle, body), { count }));
}

function refuseIncomplete(
  { dir, manifest }: Bundle,
  { text }: Pick<BundleSource["settings"], "text">,
) {
  const ofFp32 = [
    items,
    names,
    nameChains,
    popularity,
    itemVectors,
    body,
    ...(text.kind === "grams" ? [gramVectors] : Object.values(encoderParts)),
  ];
  const missing = [
    ...ofFp32
      .filter((part) => !manifest.variants.fp32!.parts.includes(part))
      .map((part) => `its fp32 variant has no part ${part}, of which the others are made`),
    ...(probesPart in manifest.parts
      ? []
      : [`it has no part ${probesPart}, on which variants are measured`]),
  ];
  if (missing.length > 0) throw refusal(`${dir}, to which items are to be added,`, missing);
}

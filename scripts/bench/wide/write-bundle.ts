import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColdStartFiles } from "../../../models/cold-start/export/weight-files.ts";
import { coldStartGraph } from "../../../models/cold-start/graph/cold-start-graph.ts";
import { edgeForm, type ColdStartForm } from "../../../models/cold-start/graph/form.ts";
import { coldStartParts, weightFiles } from "../../../models/cold-start/parts.ts";
import { randomWeights } from "../../../models/cold-start/random-weights.ts";
import type { ColdStartShape, GramShape } from "../../../models/cold-start/shape.ts";
import type { Bundle } from "../../../models/bundle/bundle.ts";
import {
  writeBundle,
  type NewPart,
  type VariantDraft,
} from "../../../models/bundle/write-bundle.ts";
import { buildCatalogue } from "../../../models/catalogue/build-index.ts";
import type { CatalogueItem } from "../../../models/catalogue/catalogue-item.ts";
import { createPartsFolder } from "../../../models/exporting/parts-folder.ts";
import { instructionSet } from "../../../models/instruction-set.ts";
import { buildNameIndex } from "../../../models/names/build-name-index.ts";
import { nameRules } from "../../../models/names/name-rules.ts";
import { encodeModel } from "../../../models/onnx/encode-model.ts";
import { externalLocations } from "../../../models/onnx/external-locations.ts";
import { Random } from "../../../models/random.ts";
import { scoresAtOnce } from "../../../models/ranking/graph/compact-catalogue.ts";
import { randomRows } from "./random-rows.ts";

export interface WideShape {
  readonly items: number;
  readonly dims: number;
}

export const wideModel = "wide";
/** Every variant of the manifest; only this one is opened. */
export const wideVariant = "edge";

const version = "1";
const text: GramShape = { kind: "grams", buckets: 65_536, dims: 32 };
const body = { hidden: 256, headHidden: 256, activation: "gelu" } as const;
const compactForm: ColdStartForm = { ...edgeForm, catalogue: { kind: "compact" } };

export function wideItem(item: number): Required<CatalogueItem> {
  return {
    id: `track-${item}`,
    title: `Velvet Harbour, take ${item}`,
    artist: `Ensemble ${item % 50_000}`,
  };
}

/** A cold-start bundle of random weights: to a server no different from a trained one. No table is ever in memory as a whole. */
export async function writeWideBundle(dir: string, shape: WideShape): Promise<Bundle> {
  const partsDir = await mkdtemp(join(tmpdir(), "crossfade-wide-parts-"));
  try {
    const { parts, draft } = await writeSmallParts(partsDir, shape);
    return await writeBundle(dir, {
      model: wideModel,
      version,
      family: "cold-start",
      idType: "string",
      created: new Date().toISOString(),
      settings: settingsOf(shape),
      parts: { ...parts, ...catalogueParts(shape), ...tableParts(shape) },
      // A manifest needs fp32, to judge others by. Nobody opens it here.
      variants: { fp32: draft, [wideVariant]: draft },
    });
  } finally {
    await rm(partsDir, { recursive: true, force: true });
  }
}

function settingsOf({ dims }: WideShape) {
  return {
    dims,
    ...body,
    text: { ...text, rules: nameRules },
    survivorsPerResult: each(0),
    scoredAtOnce: each(scoresAtOnce),
  };
}

function each(value: number) {
  return { fp32: value, [wideVariant]: value };
}

/** The graph, and what it reads besides the items. */
async function writeSmallParts(dir: string, { items, dims }: WideShape) {
  const folder = createPartsFolder(dir, version);
  const shape: ColdStartShape = { items, dims, text, ...body };
  const model = encodeModel(coldStartGraph(shape, compactForm));
  const graph = await folder.add("graph", "onnx", model);
  const files = createColdStartFiles(folder, randomWeights({ ...shape, items: 1 }, new Random(1)));
  const ofItems: readonly string[] = [weightFiles.itemCodes, weightFiles.itemScales];
  const small = externalLocations(model).filter((file) => !ofItems.includes(file));
  await files.write(small);
  const names = folder.namesOf(small);
  const draft = await draftOf(graph.name, [
    coldStartParts.items,
    coldStartParts.popularity,
    coldStartParts.names,
    coldStartParts.nameChains,
    coldStartParts.itemCodes,
    coldStartParts.itemScales,
    ...names,
  ]);
  return { draft, parts: folder.pick([graph.name, ...names]) };
}

/** Nothing was measured of it: its passport says so in zeros. */
async function draftOf(graph: string, parts: readonly string[]): Promise<VariantDraft> {
  const measured = {
    users: 1,
    metrics: { hr10: 0, ndcg10: 0 },
    agreement: { overlap10: 1, top1: 1, recall10: 1 },
  };
  return {
    graphs: { [coldStartParts.graphRole]: graph },
    parts,
    passport: {
      warm: measured,
      cold: measured,
      latency: { isa: await instructionSet(), threads: 1, batchMs: { "1": 0 } },
    },
  };
}

function catalogueParts({ items }: WideShape): Readonly<Record<string, NewPart>> {
  const popularity = Float32Array.from({ length: items }, (_, item) => 1 + (item % 1_000));
  const catalogue = buildCatalogue(
    (function* () {
      for (let item = 0; item < items; item++) yield wideItem(item);
    })(),
  );
  const { names, chains } = buildNameIndex(catalogue, popularity);
  return {
    [coldStartParts.items]: part("items.ids", new Uint8Array(catalogue.buffer)),
    [coldStartParts.popularity]: part("popularity.f32", new Uint8Array(popularity.buffer)),
    [coldStartParts.names]: part("names.ids", names),
    [coldStartParts.nameChains]: part("name-chains.i32", chains),
  };
}

function tableParts(shape: WideShape): Readonly<Record<string, NewPart>> {
  const { codes, scales } = randomRows(shape, new Random(2));
  return {
    [coldStartParts.itemCodes]: part(weightFiles.itemCodes, codes),
    [coldStartParts.itemScales]: part(weightFiles.itemScales, scales),
  };
}

function part(file: string, content: NewPart["content"]): NewPart {
  return { file, version, content };
}

import type { Manifest, VariantName } from "../../bundle/manifest.ts";
import { draftVariants, type DraftedVariants } from "../../exporting/draft-variants.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import { findVariants, type FoundVariants, type Tried } from "../../exporting/find-variants.ts";
import { createPartsFolder, type PartsFolder } from "../../exporting/parts-folder.ts";
import type { Probes } from "../../exporting/probe.ts";
import { tryFile } from "../../exporting/try-out.ts";
import type { WeightFiles } from "../../exporting/weight-files.ts";
import { buildNameIndex } from "../../names/build-name-index.ts";
import { loadNameIndex } from "../../names/load-name-index.ts";
import { externalLocations } from "../../onnx/external-locations.ts";
import { survivorsIn } from "../../ranking/graph/catalogue-form.ts";
import { scoresAtOnce } from "../../ranking/graph/compact-catalogue.ts";
import { coldStartGraph } from "../graph/cold-start-graph.ts";
import type { ColdStartForm } from "../graph/form.ts";
import { coldStartParts } from "../parts.ts";
import type { ColdStartSettings } from "../settings.ts";
import { probeFeeds, timingFeeds } from "./probe-feeds.ts";
import { probesPart, probesPartOf } from "./probes-part.ts";
import type { ColdStartSource, SourceText } from "./source.ts";
import { toProbes, type TrackProbe } from "./to-probes.ts";
import { exactWay, waysOf, type ColdStartWay } from "./ways.ts";
import { createColdStartFiles } from "./weight-files.ts";

export interface ColdStartExportOptions extends ExportOptions {
  /** fp32 is always exported. */
  readonly variants: readonly VariantName[];
  /** Playlists, at most, that every variant is measured on. */
  readonly mostProbes: number;
}

/** For a `BundleDraft`, which still needs the catalogue: `coldStartParts.items`. */
export interface ColdStartExport extends Omit<DraftedVariants, "survivorsPerResult"> {
  readonly settings: ColdStartSettings & Manifest["settings"];
}

interface Run {
  readonly source: ColdStartSource;
  readonly options: ColdStartExportOptions;
  readonly folder: PartsFolder;
  readonly files: WeightFiles;
  readonly text: SourceText;
  readonly probes: Probes<TrackProbe>;
}

/** Writes the weights and graphs of every variant, runs them on playlists that were kept back, and gives them their passports. */
export async function exportColdStart(
  source: ColdStartSource,
  options: ColdStartExportOptions,
): Promise<ColdStartExport> {
  const { weights, items, version } = source;
  const folder = createPartsFolder(options.dir, version);
  const text = await source.text(folder, options.open);
  const names = await writeNames(folder, source);
  const { probes, playlists } = toProbes(
    source.playlists,
    { items, names, tower: text.tower },
    options.mostProbes,
  );
  const files = createColdStartFiles(folder, weights);
  const run: Run = { source, options, folder, files, text, probes };
  const found = await findVariants(
    options.variants,
    {
      exact: exactWay,
      waysOf: (name) => waysOf(name, weights),
      tryWay: (name, way) => tryWay(run, name, way),
      timing: feedsOf(run).timing,
      largestBatch: text.largestBatch,
    },
    options,
  );
  const { survivorsPerResult, ...drafted } = draftVariants(folder, found);
  const { dims, hidden, headHidden, activation } = weights;
  return {
    ...drafted,
    parts: { ...drafted.parts, [probesPart]: probesPartOf(playlists, version) },
    settings: {
      dims,
      hidden,
      headHidden,
      activation,
      text: text.settings,
      survivorsPerResult,
      ...scoredAtOnceIn(found),
      ...(text.largestBatch !== undefined && { largestBatch: text.largestBatch }),
    },
  };
}

async function writeNames(folder: PartsFolder, { items, popularity }: ColdStartSource) {
  await folder.add(coldStartParts.popularity, "f32", popularity);
  const content = buildNameIndex(items, popularity);
  const names = await folder.add(coldStartParts.names, "ids", content.names);
  const chains = await folder.add(coldStartParts.nameChains, "i32", content.chains);
  return loadNameIndex({ names: names.path, chains: chains.path }, items);
}

interface TriedForm extends Tried {
  readonly form: ColdStartForm;
}

async function tryWay(run: Run, name: VariantName, way: ColdStartWay): Promise<TriedForm> {
  const { folder, files, text, options, source, probes } = run;
  const { weights } = source;
  const form = await way.prepare(folder, weights);
  const bytes = text.encode((tower) => coldStartGraph(weights, form, tower), form.grams);
  const read = externalLocations(bytes);
  await files.write(read);
  const graph = await folder.add(`${name}-${way.name.replaceAll(" ", "-")}`, "onnx", bytes);
  const trial = await tryFile(graph.path, options, {
    name: `${name}, ${way.name}`,
    probes,
    items: weights.items,
    feeds: feedsOf(run),
    largestBatch: text.largestBatch,
  });
  return {
    path: graph.path,
    draft: {
      graphs: { [coldStartParts.graphRole]: graph.name },
      parts: [...readByFamily, ...text.parts, ...folder.namesOf(read)],
    },
    survivorsPerResult: survivorsIn(form.catalogue),
    form,
    trial,
  };
}

const readByFamily: readonly string[] = [
  coldStartParts.items,
  coldStartParts.popularity,
  coldStartParts.names,
  coldStartParts.nameChains,
];

function feedsOf({ text: { tower }, source, probes }: Pick<Run, "text" | "source" | "probes">) {
  const options = { tower, itemCount: source.weights.items };
  return { ranking: probeFeeds(options), timing: timingFeeds(probes.warm, options) };
}

/** A compact catalogue is scored in chunks. */
function scoredAtOnceIn({
  found,
}: FoundVariants<TriedForm>): Pick<ColdStartSettings, "scoredAtOnce"> {
  const chunked = [...found].filter(([, { form }]) => form.catalogue.kind === "compact");
  if (chunked.length === 0) return {};
  return { scoredAtOnce: Object.fromEntries(chunked.map(([name]) => [name, scoresAtOnce])) };
}

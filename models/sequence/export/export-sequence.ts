import type { Manifest, VariantName } from "../../bundle/manifest.ts";
import { draftVariants, type DraftedVariants } from "../../exporting/draft-variants.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import { findVariants, type Tried } from "../../exporting/find-variants.ts";
import { createPartsFolder, type PartsFolder } from "../../exporting/parts-folder.ts";
import { tryFile } from "../../exporting/try-out.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { externalLocations } from "../../onnx/external-locations.ts";
import { survivorsIn } from "../../ranking/graph/catalogue-form.ts";
import type { SequenceForm } from "../graph/form.ts";
import { sequenceGraph } from "../graph/sequence-graph.ts";
import { sequenceParts } from "../parts.ts";
import type { SequenceSettings } from "../settings.ts";
import { lengthsFor } from "./lengths.ts";
import { probeFeeds, timingFeeds } from "./probe-feeds.ts";
import type { SequenceSource } from "./source.ts";
import { exactWay, waysOf, type SequenceWay } from "./ways.ts";
import type { WeightFiles } from "../../exporting/weight-files.ts";
import { createSequenceFiles } from "./weight-files.ts";

export interface SequenceExportOptions extends ExportOptions {
  /** fp32 is always exported. */
  readonly variants: readonly VariantName[];
}

/** For a `BundleDraft`, which still needs the parts that hold ids: `sequenceParts.items` and, with users, `.users`. */
export interface SequenceExport extends Omit<DraftedVariants, "survivorsPerResult"> {
  readonly settings: SequenceSettings & Manifest["settings"];
}

interface Run {
  readonly source: SequenceSource;
  readonly options: SequenceExportOptions;
  readonly folder: PartsFolder;
  readonly files: WeightFiles;
  readonly lengths: readonly number[];
}

/** Writes the weights and graphs of every variant, runs them on the probes, and gives them their passports. */
export async function exportSequence(
  source: SequenceSource,
  options: SequenceExportOptions,
): Promise<SequenceExport> {
  const { weights, version, popularity } = source;
  const folder = createPartsFolder(options.dir, version);
  const files = createSequenceFiles(folder, weights);
  const lengths = lengthsFor(weights.maxLength);
  const run: Run = { source, options, folder, files, lengths };
  await folder.add(sequenceParts.popularity, "f32", popularity);
  const found = await findVariants(
    options.variants,
    {
      exact: exactWay,
      waysOf: (name) => waysOf(name, weights),
      tryWay: (name, way) => tryWay(run, name, way),
      timing: timingFeeds({ weights, lengths, knowsUsers: true }),
    },
    options,
  );
  const { survivorsPerResult, ...drafted } = draftVariants(folder, found);
  const { itemDims, userDims, heads, hidden } = weights;
  const settings = { lengths, padding: "left", itemDims, userDims, heads, hidden } as const;
  return { ...drafted, settings: { ...settings, survivorsPerResult } };
}

async function tryWay(run: Run, name: VariantName, way: SequenceWay): Promise<Tried> {
  const { folder, files, lengths, options, source } = run;
  const { weights, probes } = source;
  const form = await way.prepare(folder, weights);
  const bytes = encodeModel(sequenceGraph(weights, form));
  const read = externalLocations(bytes);
  await files.write(read);
  const graph = await folder.add(`${name}-${way.name.replaceAll(" ", "-")}`, "onnx", bytes);
  const shape = { weights, lengths, knowsUsers: form.users !== "mean" };
  const feeds = { ranking: probeFeeds(shape), timing: timingFeeds(shape) };
  const trying = { name: `${name}, ${way.name}`, probes, items: weights.items, feeds };
  const ids = [sequenceParts.items, ...(readsUsers(run, form) ? [sequenceParts.users] : [])];
  return {
    path: graph.path,
    draft: {
      graphs: { [sequenceParts.graphRole]: graph.name },
      parts: [...ids, sequenceParts.popularity, ...folder.namesOf(read)],
    },
    survivorsPerResult: survivorsIn(form.catalogue),
    trial: await tryFile(graph.path, options, trying),
  };
}

function readsUsers({ source }: Run, { users }: SequenceForm): boolean {
  return source.weights.userDims > 0 && users !== "mean";
}

import type { Manifest } from "../../bundle/manifest.ts";
import { draftVariants, type DraftedVariants } from "../../exporting/draft-variants.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import { findVariants, type Tried, type Way } from "../../exporting/find-variants.ts";
import { createPartsFolder, type PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizedForms, type QuantizedForm } from "../../exporting/quantized-form.ts";
import { rescored } from "../../exporting/refusal.ts";
import { tryFile } from "../../exporting/try-out.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { twoTowerGraph } from "../graph/two-tower-graph.ts";
import { twoTowerParts } from "../parts.ts";
import type { TwoTowerSettings } from "../settings.ts";
import { checkSource } from "./check-source.ts";
import { probeFeeds, timingFeeds } from "./probe-feeds.ts";
import type { TwoTowerSource } from "./source.ts";
import { writeQuantized, type QuantizedParts } from "./write-quantized.ts";
import { writeShared } from "./write-shared.ts";

/** For a `BundleDraft`, which still needs the parts that hold ids. Without qint8 where no quantized form agrees with fp32. */
export interface TwoTowerExport extends Omit<DraftedVariants, "survivorsPerResult"> {
  readonly settings: TwoTowerSettings & Manifest["settings"];
}

/** Writes the weights and graphs of every variant, runs them on the probes, and gives them their passports. */
export async function exportTwoTower(
  source: TwoTowerSource,
  options: ExportOptions,
): Promise<TwoTowerExport> {
  checkSource(source);
  const { weights, version } = source;
  const folder = createPartsFolder(options.dir, version);
  await writeShared(folder, source);
  const timing = timingFeeds(weights);
  const run: Run = {
    source,
    folder,
    options,
    feeds: { ranking: probeFeeds(weights.items), timing },
  };
  const found = await findVariants(
    ["qint8"],
    {
      exact: { name: "exact", form: undefined },
      waysOf: (name) => (name === "qint8" ? [quantizedForms.map(toWay)] : []),
      tryWay: (name, way) =>
        tryWay(run, way.form === undefined ? name : `${name}, ${way.name}`, way),
      timing,
      refusal: rescored,
    },
    options,
  );
  const { survivorsPerResult, ...drafted } = draftVariants(folder, found);
  return { ...drafted, settings: { dims: weights.dims, survivorsPerResult } };
}

interface TwoTowerWay extends Way {
  /** undefined: everything is scored in float32. */
  readonly form: QuantizedForm | undefined;
}

interface Run {
  readonly source: TwoTowerSource;
  readonly folder: PartsFolder;
  readonly options: ExportOptions;
  readonly feeds: Parameters<typeof tryFile>[2]["feeds"];
}

async function tryWay(run: Run, name: string, { form }: TwoTowerWay): Promise<Tried> {
  const { weights, probes } = run.source;
  const { graph, weights: own } = await write(run, form);
  const trying = { name, probes, items: weights.items, feeds: run.feeds };
  return {
    path: graph.path,
    draft: {
      graphs: { [twoTowerParts.graphRole]: graph.name },
      parts: [...sharedParts, ...own],
    },
    survivorsPerResult: form?.survivorsPerResult ?? 0,
    trial: await tryFile(graph.path, run.options, trying),
  };
}

async function write(
  { folder, source }: Run,
  form: QuantizedForm | undefined,
): Promise<QuantizedParts> {
  if (form !== undefined) return writeQuantized(folder, source.weights, form);
  const graph = encodeModel(twoTowerGraph(source.weights));
  return { graph: await folder.add("fp32", "onnx", graph), weights: [] };
}

const { items, users, popularity, itemVectors, userVectors } = twoTowerParts;
const sharedParts: readonly string[] = [items, users, popularity, itemVectors, userVectors];

function toWay(form: QuantizedForm): TwoTowerWay {
  return { name: form.name, form };
}

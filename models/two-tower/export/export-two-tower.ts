import type { NewPart, VariantDraft } from "../../bundle/write-bundle.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import type { Manifest } from "../../bundle/manifest.ts";
import { twoTowerGraph } from "../graph/two-tower-graph.ts";
import { twoTowerParts } from "../parts.ts";
import { checkSource } from "./check-source.ts";
import { draftVariant, partsOf } from "../../exporting/draft-variant.ts";
import { figuresOf } from "../../exporting/figures.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizedForms, type QuantizedForm } from "../../exporting/quantized-form.ts";
import { refusalOf, rescored } from "../../exporting/refusal.ts";
import { probeFeeds, timingFeeds } from "./probe-feeds.ts";
import type { TwoTowerSource } from "./source.ts";
import type { TwoTowerSettings } from "../settings.ts";
import { tryFile } from "../../exporting/try-out.ts";
import type { Trial } from "../../exporting/try-out.ts";
import { writeQuantized } from "./write-quantized.ts";
import type { QuantizedParts } from "./write-quantized.ts";
import { writeShared } from "./write-shared.ts";

/** For a `BundleDraft`, which still needs the parts that hold ids: `twoTowerParts.items` and `.users`. */
export interface TwoTowerExport {
  readonly parts: Readonly<Record<string, NewPart>>;
  /** Without qint8 where no quantized form agrees with fp32. */
  readonly variants: { readonly fp32: VariantDraft; readonly qint8?: VariantDraft };
  readonly settings: TwoTowerSettings & Manifest["settings"];
  /** The quantized forms that did not agree, in the order in which they were tried, with the reason. */
  readonly refusals: readonly string[];
}

interface Export {
  readonly source: TwoTowerSource;
  readonly folder: PartsFolder;
  readonly log: (line: string) => void;
  /** Opens a graph of the folder, tries it out and closes it. */
  readonly tryGraph: (name: string, path: string) => Promise<Trial>;
}

/** Writes the weights and graphs of every variant, runs them on the probes, and gives them their passports. */
export async function exportTwoTower(
  source: TwoTowerSource,
  options: ExportOptions,
): Promise<TwoTowerExport> {
  checkSource(source);
  const folder = createPartsFolder(options.dir, source.version);
  const { log = () => {} } = options;
  const { weights, probes } = source;
  const feeds = { ranking: probeFeeds(weights.items), timing: timingFeeds(weights) };
  const tryGraph = (name: string, path: string) =>
    tryFile(path, options, { name, probes, items: weights.items, feeds });
  return exportVariants({ source, folder, log, tryGraph });
}

async function exportVariants(run: Export): Promise<TwoTowerExport> {
  const { source, folder, log } = run;
  const { weights } = source;
  await writeShared(folder, source);
  const graph = await folder.add("fp32", "onnx", encodeModel(twoTowerGraph(weights)));
  const fp32 = await run.tryGraph("fp32", graph.path);
  log(`fp32: ${figuresOf(fp32, fp32)}`);
  const { found, refusals } = await findQuantized(run, fp32);

  const variants = {
    fp32: draftVariant(read({ graph, weights: [] }), fp32, fp32),
    ...(found && { qint8: draftVariant(read(found.parts), found.trial, fp32) }),
  };
  return {
    parts: folder.pick(partsOf(Object.values(variants)).filter((part) => !idParts.includes(part))),
    variants,
    settings: {
      dims: weights.dims,
      survivorsPerResult: { fp32: 0, ...(found && { qint8: found.form.survivorsPerResult }) },
    },
    refusals,
  };
}

/** Written by whoever knows the ids. */
const idParts: readonly string[] = [twoTowerParts.items, twoTowerParts.users];
const sharedParts: readonly string[] = [
  twoTowerParts.popularity,
  twoTowerParts.itemVectors,
  twoTowerParts.userVectors,
];

/** What a variant with such parts of its own reads. */
function read({ graph, weights }: QuantizedParts): Pick<VariantDraft, "graphs" | "parts"> {
  return {
    graphs: { [twoTowerParts.graphRole]: graph.name },
    parts: [...idParts, ...sharedParts, ...weights.map(({ name }) => name)],
  };
}

interface Quantized {
  readonly form: QuantizedForm;
  readonly parts: QuantizedParts;
  readonly trial: Trial;
}

/** The first form that agrees with fp32, and why those before it do not. */
async function findQuantized(
  run: Export,
  fp32: Trial,
): Promise<{ readonly found?: Quantized; readonly refusals: readonly string[] }> {
  const refusals: string[] = [];
  for (const form of quantizedForms) {
    const parts = await writeQuantized(run.folder, run.source.weights, form);
    const trial = await run.tryGraph(`qint8, ${form.name}`, parts.graph.path);
    const refusal = refusalOf(trial, fp32, rescored);
    if (refusal === undefined) {
      run.log(`qint8, ${form.name}: ${figuresOf(trial, fp32)}`);
      return { found: { form, parts, trial }, refusals };
    }
    refusals.push(`${form.name}: ${refusal}`);
    run.log(`refused ${refusals.at(-1)}`);
  }
  run.log("no qint8 variant: no quantized form agrees with fp32");
  return { refusals };
}

import type { Manifest, VariantName } from "../bundle/manifest.ts";
import { draftVariants, type DraftedVariants } from "../exporting/draft-variants.ts";
import type { ExportOptions } from "../exporting/export-options.ts";
import { findVariants, type Tried } from "../exporting/find-variants.ts";
import { importedFigures } from "./imported-figures.ts";
import type { GraphRunner } from "../exporting/graph-runner.ts";
import { createPartsFolder } from "../exporting/parts-folder.ts";
import type { Probe } from "../exporting/probe.ts";
import { tryFile } from "../exporting/try-out.ts";
import { rankingParts } from "../ranking/parts.ts";
import type { SequenceSettings } from "../sequence/settings.ts";
import { formsOf } from "./forms.ts";
import { headVectors } from "./inspect/head-vectors.ts";
import { openProbe } from "./make-plan.ts";
import type { ImportPlan } from "./plan.ts";
import { importedFeeds } from "./imported-feeds.ts";
import {
  createServingFiles,
  type ImportedForm,
  type ServingFiles,
  type WrittenForm,
} from "./serving-files.ts";
import { assertRowsApart } from "./try/assert-rows-apart.ts";
import { tryBatches } from "./try/batch-independence.ts";
import { checkAnswers } from "./try/check-answers.ts";
import { oneByOne } from "./try/one-by-one.ts";

export interface ImportSource {
  readonly plan: ImportPlan;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  /** Sequences to measure by; `next` is -1 where nobody knows what was chosen then. */
  readonly probes: readonly Probe[];
  readonly knowsUsers: boolean;
  /** Of the parts. */
  readonly version: string;
}

export interface ImportOptions extends ExportOptions {
  readonly variants: readonly VariantName[];
  /** Serve in batches although answers differ by them. Default: such a model is served one request at a time. */
  readonly allowBatchDependence?: boolean;
}

/** For a `BundleDraft`, which still needs the parts that hold ids. */
export interface SequenceImport extends Omit<DraftedVariants, "survivorsPerResult"> {
  readonly settings: SequenceSettings & Manifest["settings"];
}

/** Writes graphs around an imported body, holds them against the file itself, measures them, and gives them their passports. */
export async function importSequence(
  source: ImportSource,
  options: ImportOptions,
): Promise<SequenceImport> {
  const { plan, version, popularity } = source;
  const folder = createPartsFolder(options.dir, version);
  await folder.add(rankingParts.popularity, "f32", popularity);
  const files = createServingFiles(folder, plan);
  const exact = await files.write(exactForm);
  const largestBatch = await checkServing(exact, source, options);
  const open: ExportOptions["open"] =
    largestBatch === 1 ? async (file) => oneByOne(await options.open(file)) : options.open;
  const run: Run = { source, options: { ...options, open }, files, largestBatch };
  const found = await findVariants(
    options.variants,
    {
      exact: exactForm,
      waysOf: (name) => formsOf(name, plan),
      // Its files are there, since they were held against the model's own.
      tryWay: async (name, form) =>
        form === exactForm
          ? tryForm(run, name, exact)
          : tryForm(run, `${name}, ${form.name}`, await files.write(form)),
      timing: importedFeeds(plan).timing,
      figures: (trial, fp32) => importedFigures(trial, { fp32, probes: source.probes }),
    },
    run.options,
  );
  const { survivorsPerResult, ...drafted } = draftVariants(folder, found);
  return { ...drafted, settings: { ...settingsOf(run), survivorsPerResult } };
}

const exactForm: ImportedForm = { name: "exact", smallTable: false, head: "exact" };

interface Run {
  readonly source: ImportSource;
  readonly options: ImportOptions;
  readonly files: ServingFiles;
  readonly largestBatch: number | undefined;
}

const mostChecked = 64;

/** Rejects unless the graph answers as the file does. Returns the largest batch in which rows keep their answers; undefined: any. */
async function checkServing(
  { graph }: WrittenForm,
  { plan, probes }: ImportSource,
  options: ImportOptions,
): Promise<number | undefined> {
  const { log = () => {}, allowBatchDependence = false } = options;
  await using body = await openProbe(plan.read, options);
  const serving = await options.open(graph.path);
  try {
    const { head, items, ids, read } = plan;
    const range = { items, firstColumn: ids.firstColumn };
    const vectors = head && headVectors(head, range, read.findExternal);
    const checked = probes.slice(0, mostChecked);
    const furthest = await checkAnswers({
      plan,
      probes: checked,
      vectors,
      body: body.runner,
      serving,
    });
    log(
      `checked: the same top 10 as the file on ${checked.length} sequences, scores within ${furthest.toExponential(0)} of the largest`,
    );
    return (
      plan.largestBatch ?? (await batchFor(serving, { plan, probes, log, allowBatchDependence }))
    );
  } finally {
    await serving.close();
  }
}

interface BatchQuestion extends Pick<ImportSource, "plan" | "probes"> {
  readonly log: (line: string) => void;
  readonly allowBatchDependence: boolean;
}

async function batchFor(
  serving: GraphRunner,
  { plan, probes, log, allowBatchDependence }: BatchQuestion,
): Promise<number | undefined> {
  const found = await tryBatches(serving, plan, probes);
  assertRowsApart(found, plan.read.model.graph);
  const { rows, differing } = found;
  if (differing === 0) {
    log(`batches: the same ids and score bits alone and in batches, ${rows} of ${rows} rows`);
    return undefined;
  }
  const told = `batches: ${differing} of ${rows} rows got other ids or score bits in a batch than alone`;
  log(
    allowBatchDependence
      ? `${told}; it is served in batches all the same, as was asked`
      : `${told}; so it is served one request at a time (--allow-batch-dependence serves it in batches)`,
  );
  return allowBatchDependence ? undefined : 1;
}

async function tryForm(
  { source, options, largestBatch }: Run,
  label: string,
  { graph, weights, survivorsPerResult }: WrittenForm,
): Promise<Tried> {
  const { probes, plan, knowsUsers } = source;
  const { items, users, popularity, graphRole } = rankingParts;
  const trial = await tryFile(graph.path, options, {
    name: label,
    // To a model that is asked without users all are strangers.
    probes: { warm: probes, cold: probes },
    items: plan.items,
    feeds: importedFeeds(plan),
    largestBatch,
  });
  return {
    path: graph.path,
    draft: {
      graphs: { [graphRole]: graph.name },
      parts: [items, ...(knowsUsers ? [users] : []), popularity, ...weights],
    },
    survivorsPerResult,
    trial,
  };
}

function settingsOf({ source, largestBatch }: Run): SequenceImport["settings"] {
  const { lengths, serving, table, head } = source.plan;
  const dims = table?.dims ?? Math.min(...(head?.weight.dims ?? [64]));
  return {
    lengths,
    padding: serving.side,
    // What is not known of the body is taken to be as usual; it only tells how much memory a batch may need.
    itemDims: dims,
    userDims: 0,
    heads: 4,
    hidden: 4 * dims,
    ...(largestBatch !== undefined && { largestBatch }),
  };
}

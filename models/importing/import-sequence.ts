import type { Manifest, VariantName } from "../bundle/manifest.ts";
import type { NewPart, VariantDraft } from "../bundle/write-bundle.ts";
import { draftVariant, partsOf } from "../exporting/draft-variant.ts";
import type { ExportOptions } from "../exporting/export-options.ts";
import { importedFigures } from "./imported-figures.ts";
import type { GraphRunner } from "../exporting/graph-runner.ts";
import { createPartsFolder } from "../exporting/parts-folder.ts";
import type { Probe } from "../exporting/probe.ts";
import { refusalOf } from "../exporting/refusal.ts";
import { tryFile, type Trial } from "../exporting/try-out.ts";
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
export interface SequenceImport {
  readonly parts: Readonly<Record<string, NewPart>>;
  readonly variants: Readonly<Partial<Record<VariantName, VariantDraft>>>;
  readonly settings: SequenceSettings & Manifest["settings"];
  /** The variants that could not be had, with the reason. */
  readonly refusals: readonly string[];
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
  const run: Run = { source, options, files, largestBatch };

  const fp32: Tried = { written: exact, trial: await measure(run, "fp32", exact) };
  options.log?.(
    `fp32: ${importedFigures(fp32.trial, { fp32: fp32.trial, probes: source.probes })}`,
  );
  const found = new Map<VariantName, Tried>([["fp32", fp32]]);
  const refusals: string[] = [];
  for (const name of options.variants) {
    if (name === "fp32") continue;
    const best = await findBest(run, name, { fp32: fp32.trial, refusals });
    if (best !== undefined) found.set(name, best);
  }
  const variants = draftAll(found, source);
  const ids: readonly string[] = [rankingParts.items, rankingParts.users];
  const parts = partsOf(Object.values(variants)).filter((part) => !ids.includes(part));
  return { parts: folder.pick(parts), variants, settings: settingsOf(run, found), refusals };
}

const exactForm: ImportedForm = { name: "exact", smallTable: false, head: "exact" };

interface Run {
  readonly source: ImportSource;
  readonly options: ImportOptions;
  readonly files: ServingFiles;
  readonly largestBatch: number | undefined;
}

interface Tried {
  readonly written: WrittenForm;
  readonly trial: Trial;
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

function measure(run: Run, name: string, { graph }: WrittenForm): Promise<Trial> {
  const { options, source, largestBatch } = run;
  const open =
    largestBatch === 1 ? async (file: string) => oneByOne(await options.open(file)) : options.open;
  const { probes, plan } = source;
  // To a model that is asked without users all are strangers.
  return tryFile(
    graph.path,
    { ...options, open },
    {
      name,
      probes: { warm: probes, cold: probes },
      items: plan.items,
      feeds: importedFeeds(plan),
      largestBatch,
    },
  );
}

interface Judging {
  readonly fp32: Trial;
  readonly refusals: string[];
}

/** Of each list of forms the first inside the gate counts, and of these the fastest is taken. */
async function findBest(run: Run, name: VariantName, judging: Judging): Promise<Tried | undefined> {
  const found: Tried[] = [];
  for (const forms of formsOf(name, run.source.plan)) {
    const first = await firstInside(run, { name, forms }, judging);
    if (first !== undefined) found.push(first);
  }
  const [best] = found.toSorted((a, b) => fastestMs(a.trial) - fastestMs(b.trial));
  if (best === undefined) {
    judging.refusals.push(`${name}: no form of it is inside the gate`);
    run.options.log?.(
      `no ${name} variant: nothing in the file can be stored smaller within the gate`,
    );
  }
  return best;
}

async function firstInside(
  run: Run,
  { name, forms }: { readonly name: VariantName; readonly forms: readonly ImportedForm[] },
  { fp32, refusals }: Judging,
): Promise<Tried | undefined> {
  for (const form of forms) {
    const written = await run.files.write(form);
    const trial = await measure(run, `${name}, ${form.name}`, written);
    const refusal = refusalOf(trial, fp32);
    if (refusal === undefined) {
      run.options.log?.(
        `${name}, ${form.name}: ${importedFigures(trial, { fp32, probes: run.source.probes })}`,
      );
      return { written, trial };
    }
    refusals.push(`${name}, ${form.name}: ${refusal}`);
    run.options.log?.(`refused ${refusals.at(-1)}`);
  }
  return undefined;
}

/** A row, at the best batch. */
function fastestMs({ latency }: Trial): number {
  return Math.min(...Object.entries(latency.batchMs).map(([rows, ms]) => ms / Number(rows)));
}

function draftAll(
  found: ReadonlyMap<VariantName, Tried>,
  { knowsUsers }: ImportSource,
): SequenceImport["variants"] {
  const fp32 = found.get("fp32")!.trial;
  const { items, users, popularity, graphRole } = rankingParts;
  const idParts = [items, ...(knowsUsers ? [users] : []), popularity];
  return Object.fromEntries(
    [...found].map(([name, { written, trial }]) => {
      const parts = [...idParts, ...written.weights];
      return [
        name,
        draftVariant({ graphs: { [graphRole]: written.graph.name }, parts }, trial, fp32),
      ];
    }),
  );
}

function settingsOf(
  { source, largestBatch }: Run,
  found: ReadonlyMap<VariantName, Tried>,
): SequenceImport["settings"] {
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
    survivorsPerResult: Object.fromEntries(
      [...found].map(([name, { written }]) => [name, written.survivorsPerResult]),
    ),
    ...(largestBatch !== undefined && { largestBatch }),
  };
}

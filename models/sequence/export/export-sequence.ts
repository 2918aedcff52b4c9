import type { Manifest, VariantName } from "../../bundle/manifest.ts";
import type { NewPart, VariantDraft } from "../../bundle/write-bundle.ts";
import { draftVariant, partsOf } from "../../exporting/draft-variant.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import { figuresOf } from "../../exporting/figures.ts";
import { createPartsFolder, type PartsFolder } from "../../exporting/parts-folder.ts";
import { race } from "../../exporting/race.ts";
import { refusalOf } from "../../exporting/refusal.ts";
import { tryFile, type Trial } from "../../exporting/try-out.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { externalLocations } from "../../onnx/external-locations.ts";
import type { SequenceForm } from "../graph/form.ts";
import { sequenceGraph } from "../graph/sequence-graph.ts";
import type { SurvivorsPerResult } from "../../ranking/survivors.ts";
import { sequenceParts } from "../parts.ts";
import type { SequenceSettings } from "../settings.ts";
import { lengthsFor } from "./lengths.ts";
import { probeFeeds, timingFeeds } from "./probe-feeds.ts";
import type { SequenceSource } from "./source.ts";
import { exactWay, waysOf, type Way } from "./ways.ts";
import { createWeightFiles, type WeightFiles } from "./weight-files.ts";

export interface SequenceExportOptions extends ExportOptions {
  /** fp32 is always exported. */
  readonly variants: readonly VariantName[];
}

/** For a `BundleDraft`, which still needs the parts that hold ids: `sequenceParts.items` and, with users, `.users`. */
export interface SequenceExport {
  readonly parts: Readonly<Record<string, NewPart>>;
  readonly variants: { readonly fp32: VariantDraft } & Readonly<
    Partial<Record<VariantName, VariantDraft>>
  >;
  readonly settings: SequenceSettings & Manifest["settings"];
  /** Every way of storing a variant that was tried in vain, with the reason. */
  readonly refusals: readonly string[];
}

interface Run {
  readonly source: SequenceSource;
  readonly options: SequenceExportOptions;
  readonly folder: PartsFolder;
  readonly files: WeightFiles;
  readonly lengths: readonly number[];
  readonly log: (line: string) => void;
}

/** Writes the weights and graphs of every variant, runs them on the probes, and gives them their passports. */
export async function exportSequence(
  source: SequenceSource,
  options: SequenceExportOptions,
): Promise<SequenceExport> {
  const { weights, version, popularity } = source;
  const folder = createPartsFolder(options.dir, version);
  const files = createWeightFiles(folder, weights);
  const { log = () => {} } = options;
  const run: Run = { source, options, folder, files, log, lengths: lengthsFor(weights.maxLength) };
  await folder.add(sequenceParts.popularity, "f32", popularity);

  const fp32 = await tryWay(run, "fp32", exactWay);
  log(`fp32: ${figuresOf(fp32.trial, fp32.trial)}`);
  const found = new Map<VariantName, Written>([["fp32", fp32]]);
  const refusals: string[] = [];
  for (const name of options.variants) {
    if (name === "fp32") continue;
    const best = await findBest(run, name, { fp32: fp32.trial, refusals });
    if (best !== undefined) found.set(name, best);
  }
  return { ...drafted(run, found), refusals };
}

/** A variant in files, tried out. */
interface Written {
  readonly way: Way;
  /** Of its graph. */
  readonly path: string;
  readonly form: SequenceForm;
  readonly draft: Pick<VariantDraft, "graphs" | "parts">;
  readonly trial: Trial;
}

interface Judging {
  readonly fp32: Trial;
  /** Takes what was refused. */
  readonly refusals: string[];
}

async function findBest(
  run: Run,
  name: Exclude<VariantName, "fp32">,
  judging: Judging,
): Promise<Written | undefined> {
  const found: Written[] = [];
  for (const ways of waysOf(name, run.source.weights)) {
    const first = await firstInside(run, { name, ways }, judging);
    if (first !== undefined) found.push(first);
  }
  if (found.length > 1) return fastestOf(run, name, found);
  if (found.length === 0) run.log(`no ${name} variant: no way of storing it is inside the gate`);
  return found[0];
}

/** The fastest takes the place of the first only where it is so by more than a measurement may err. */
const clearlyFaster = 0.95;

async function fastestOf(
  { options, lengths, source, log }: Run,
  name: VariantName,
  found: readonly Written[],
): Promise<Written> {
  const runners = await Promise.all(found.map(({ path }) => options.open(path)));
  try {
    const feeds = timingFeeds({ weights: source.weights, lengths, knowsUsers: true });
    const ms = await race(runners, { feeds });
    const least = ms.indexOf(Math.min(...ms));
    const taken = ms[least]! < clearlyFaster * ms[0]! ? least : 0;
    const times = found.map(({ way }, i) => `${way.name} ${ms[i]!.toFixed(2)} ms`);
    log(`${name} is stored as ${found[taken]!.way.name}; 32 rows take: ${times.join(", ")}`);
    return found[taken]!;
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}

async function firstInside(
  run: Run,
  { name, ways }: { readonly name: VariantName; readonly ways: readonly Way[] },
  { fp32, refusals }: Judging,
): Promise<Written | undefined> {
  for (const way of ways) {
    const label = `${name}, ${way.name}`;
    const written = await tryWay(run, name, way);
    const refusal = refusalOf(written.trial, fp32);
    if (refusal === undefined) {
      run.log(`${label}: ${figuresOf(written.trial, fp32)}`);
      return written;
    }
    refusals.push(`${label}: ${refusal}`);
    run.log(`refused ${refusals.at(-1)}`);
  }
  return undefined;
}

async function tryWay(run: Run, name: VariantName, way: Way): Promise<Written> {
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
  const trial = await tryFile(graph.path, options, trying);
  const ids = [sequenceParts.items, ...(readsUsers(run, form) ? [sequenceParts.users] : [])];
  const draft = {
    graphs: { [sequenceParts.graphRole]: graph.name },
    parts: [...ids, sequenceParts.popularity, ...folder.namesOf(read)],
  };
  return { way, path: graph.path, form, draft, trial };
}

function readsUsers({ source }: Run, { users }: SequenceForm): boolean {
  return source.weights.userDims > 0 && users !== "mean";
}

function drafted(
  { source, folder, lengths }: Run,
  found: ReadonlyMap<VariantName, Written>,
): Omit<SequenceExport, "refusals"> {
  const fp32 = found.get("fp32")!.trial;
  const { itemDims, userDims, heads, hidden } = source.weights;
  const entries = [...found].map(
    ([name, { draft, trial }]) => [name, draftVariant(draft, trial, fp32)] as const,
  );
  const survivors = [...found].map(([name, { form }]) => [name, survivorsIn(form)]);
  const variants = Object.fromEntries(entries) as SequenceExport["variants"];
  const idParts: readonly string[] = [sequenceParts.items, sequenceParts.users];
  const written = partsOf(entries.map(([, draft]) => draft));
  return {
    parts: folder.pick(written.filter((part) => !idParts.includes(part))),
    variants,
    settings: {
      lengths,
      padding: "left",
      itemDims,
      userDims,
      heads,
      hidden,
      survivorsPerResult: Object.fromEntries(survivors) as SurvivorsPerResult,
    },
  };
}

function survivorsIn({ catalogue }: SequenceForm): number {
  return catalogue.kind === "exact" ? 0 : catalogue.survivorsPerResult;
}

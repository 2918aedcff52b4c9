import type { VariantName } from "../bundle/manifest.ts";
import type { VariantDraft } from "../bundle/write-bundle.ts";
import type { ExportOptions } from "./export-options.ts";
import { figuresOf } from "./figures.ts";
import type { TimingFeeds } from "./latency.ts";
import { race } from "./race.ts";
import { refusalOf, type RefusalOptions } from "./refusal.ts";
import type { Trial } from "./try-out.ts";

/** One way of storing a variant, as a family understands it. */
export interface Way {
  readonly name: string;
}

/** A variant in files, tried out. */
export interface Tried {
  /** Of its graph. */
  readonly path: string;
  readonly draft: Pick<VariantDraft, "graphs" | "parts">;
  /** Items that its graph rescores exactly for each result; 0 where none are. */
  readonly survivorsPerResult: number;
  readonly trial: Trial;
}

export type OtherVariant = Exclude<VariantName, "fp32">;

/** What a family tells of the variants that it can be stored as. */
export interface VariantSearch<One extends Way, Found extends Tried> {
  /** How fp32 is stored. */
  readonly exact: One;
  /** Lists of ways, each from small or fast to faithful. Of each list the first inside the gate counts, and of these the fastest. */
  waysOf(variant: OtherVariant): readonly (readonly One[])[];
  /** Writes what such a variant reads, and runs it on the probes. */
  tryWay(variant: VariantName, way: One): Promise<Found>;
  readonly timing: TimingFeeds;
  /** Of the rows that run together. Default: there is no such limit. */
  readonly largestBatch?: number | undefined;
  /** Asked beside the gate. */
  readonly refusal?: RefusalOptions;
  /** A trial in one line. Default `figuresOf`. */
  readonly figures?: (trial: Trial, fp32: Trial) => string;
}

export interface FoundVariants<Found extends Tried = Tried> {
  /** With fp32 always. */
  readonly found: ReadonlyMap<VariantName, Found>;
  /** Every way that was tried in vain, with the reason. */
  readonly refusals: readonly string[];
}

/** Tries a model out in fp32 and, judged against it, in every variant asked for; those outside the gate are left out, which the log says. */
export async function findVariants<One extends Way, Found extends Tried>(
  variants: readonly VariantName[],
  search: VariantSearch<One, Found>,
  { open, log = () => {}, signal }: Pick<ExportOptions, "open" | "log" | "signal">,
): Promise<FoundVariants<Found>> {
  const { figures = figuresOf } = search;
  const fp32 = await search.tryWay("fp32", search.exact);
  log(`fp32: ${figures(fp32.trial, fp32.trial)}`);
  const found = new Map<VariantName, Found>([["fp32", fp32]]);
  const refusals: string[] = [];
  const run: Run<One, Found> = {
    search: { ...search, figures },
    open,
    log,
    fp32: fp32.trial,
    refusals,
  };
  for (const name of variants) {
    if (name === "fp32") continue;
    signal?.throwIfAborted();
    const best = await findBest(run, name);
    if (best !== undefined) found.set(name, best);
  }
  return { found, refusals };
}

interface Run<One extends Way, Found extends Tried> extends Pick<ExportOptions, "open"> {
  readonly search: VariantSearch<One, Found> & Required<Pick<VariantSearch<One, Found>, "figures">>;
  readonly log: (line: string) => void;
  readonly fp32: Trial;
  readonly refusals: string[];
}

interface Candidate<Found extends Tried> {
  readonly way: Way;
  readonly tried: Found;
}

async function findBest<One extends Way, Found extends Tried>(
  run: Run<One, Found>,
  name: OtherVariant,
): Promise<Found | undefined> {
  const candidates: Candidate<Found>[] = [];
  const lists = run.search.waysOf(name);
  for (const ways of lists) {
    const first = await firstInside(run, name, ways);
    if (first !== undefined) candidates.push(first);
  }
  if (candidates.length > 1) return fastestOf(run, name, candidates);
  if (candidates.length === 0)
    run.log(
      lists.flat().length === 0
        ? `no ${name} variant: there is nothing in this model that it would store smaller`
        : `no ${name} variant: no way of storing it is inside the gate`,
    );
  return candidates[0]?.tried;
}

async function firstInside<One extends Way, Found extends Tried>(
  { search, fp32, log, refusals }: Run<One, Found>,
  name: OtherVariant,
  ways: readonly One[],
): Promise<Candidate<Found> | undefined> {
  for (const way of ways) {
    const label = `${name}, ${way.name}`;
    const tried = await search.tryWay(name, way);
    const refusal = refusalOf(tried.trial, fp32, search.refusal);
    if (refusal === undefined) {
      log(`${label}: ${search.figures(tried.trial, fp32)}`);
      return { way, tried };
    }
    refusals.push(`${label}: ${refusal}`);
    log(`refused ${refusals.at(-1)}`);
  }
  return undefined;
}

const racedRows = 32;
/** The fastest takes the place of the first only where it is so by more than a measurement may err. */
const clearlyFaster = 0.95;

async function fastestOf<One extends Way, Found extends Tried>(
  { search, open, log }: Run<One, Found>,
  name: OtherVariant,
  candidates: readonly Candidate<Found>[],
): Promise<Found> {
  const { timing: feeds, largestBatch = racedRows } = search;
  const rows = Math.min(racedRows, largestBatch);
  const runners = await Promise.all(candidates.map(({ tried }) => open(tried.path)));
  try {
    const ms = await race(runners, { feeds, rows });
    const least = ms.indexOf(Math.min(...ms));
    const taken = candidates[ms[least]! < clearlyFaster * ms[0]! ? least : 0]!;
    const times = candidates.map(({ way }, i) => `${way.name} ${ms[i]!.toFixed(2)} ms`);
    log(`${name} is stored as ${taken.way.name}; a batch of ${rows} takes: ${times.join(", ")}`);
    return taken.tried;
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}

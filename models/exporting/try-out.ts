import type { Latency, Quality } from "../bundle/passport.ts";
import type { ExportOptions } from "./export-options.ts";
import type { GraphRunner } from "./graph-runner.ts";
import { measureLatency } from "./latency.ts";
import type { TimingFeeds } from "./latency.ts";
import type { Probe, Probes } from "./probe.ts";
import { qualityOf } from "./quality.ts";
import { rankProbes } from "./rank-probes.ts";
import type { ProbeFeeds, RankOptions } from "./rank-probes.ts";
import type { Top } from "./top.ts";

/** What a variant made of one kind of users. */
export interface Showing {
  readonly quality: Quality;
  /** The plain top 10, for comparing with another variant's. */
  readonly tops: readonly Top[];
}

/** A variant, run. */
export interface Trial {
  readonly warm: Showing;
  readonly cold: Showing;
  readonly latency: Latency;
}

interface TryOutOptions<One extends Probe> {
  readonly probes: Probes<One>;
  readonly items: number;
  readonly feeds: { readonly ranking: ProbeFeeds<One>; readonly timing: TimingFeeds };
  /** With which the runner was opened. */
  readonly threads: number;
  /** That is ever served: no larger one is timed. Default: there is no such limit. */
  readonly largestBatch?: number | undefined;
  /** Takes the share of the probes that were ranked; throws to stop. */
  readonly onProgress?: (share: number) => void;
}

export interface TryFileOptions<One extends Probe = Probe> extends Omit<
  TryOutOptions<One>,
  "threads"
> {
  /** Names the variant to whoever watches. */
  readonly name: string;
}

/** Opens a graph, tries it out and closes it. */
export async function tryFile<One extends Probe>(
  path: string,
  { open, threads = 1, watch, signal }: Omit<ExportOptions, "dir">,
  options: TryFileOptions<One>,
): Promise<Trial> {
  const runner = await open(path);
  const progress = watch?.(`Measuring ${options.name}`);
  const onProgress = (share: number) => {
    signal?.throwIfAborted();
    progress?.at(share);
  };
  try {
    const trial = await tryOut(runner, { ...options, threads, onProgress });
    progress?.done();
    return trial;
  } finally {
    await runner.close();
  }
}

async function tryOut<One extends Probe>(
  runner: GraphRunner,
  options: TryOutOptions<One>,
): Promise<Trial> {
  const { probes, items, feeds, threads, largestBatch, onProgress = () => {} } = options;
  const { warm, cold } = probes;
  // Where everybody is a newcomer, as all are to a model without users, one look tells.
  const isOne = warm === cold;
  const total = 2 * (warm.length + (isOne ? 0 : cold.length));
  let ranked = 0;
  const onRows = (rows: number) => onProgress((ranked += rows) / total);
  const ofWarm = await show(runner, warm, { ...options, onRows });
  return {
    warm: ofWarm,
    cold: isOne ? ofWarm : await show(runner, cold, { ...options, onRows }),
    latency: await measureLatency(runner, { items, feeds: feeds.timing, threads, largestBatch }),
  };
}

async function show<One extends Probe>(
  runner: GraphRunner,
  probes: readonly One[],
  { items, feeds, onRows }: TryOutOptions<One> & Pick<RankOptions<One>, "onRows">,
): Promise<Showing> {
  const ranking = { items, feeds: feeds.ranking, onRows };
  const unseen = await rankProbes(runner, probes, { ...ranking, withoutHistory: true });
  const tops = await rankProbes(runner, probes, { ...ranking, withoutHistory: false });
  return { quality: qualityOf(probes, unseen), tops };
}

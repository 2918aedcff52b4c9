import type { Latency, Quality } from "../bundle/passport.ts";
import type { GraphRunner } from "./graph-runner.ts";
import { measureLatency } from "./latency.ts";
import type { TimingFeeds } from "./latency.ts";
import type { Probe, Probes } from "./probe.ts";
import { qualityOf } from "./quality.ts";
import { rankProbes } from "./rank-probes.ts";
import type { ProbeFeeds } from "./rank-probes.ts";
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

export interface TryOutOptions {
  readonly probes: Probes;
  readonly items: number;
  readonly feeds: { readonly ranking: ProbeFeeds; readonly timing: TimingFeeds };
  /** With which the runner was opened. */
  readonly threads: number;
}

export async function tryOut(runner: GraphRunner, options: TryOutOptions): Promise<Trial> {
  const { probes, items, feeds, threads } = options;
  return {
    warm: await show(runner, probes.warm, options),
    cold: await show(runner, probes.cold, options),
    latency: await measureLatency(runner, { items, feeds: feeds.timing, threads }),
  };
}

async function show(
  runner: GraphRunner,
  probes: readonly Probe[],
  { items, feeds }: TryOutOptions,
): Promise<Showing> {
  const ranking = { items, feeds: feeds.ranking };
  const unseen = await rankProbes(runner, probes, { ...ranking, withoutHistory: true });
  const tops = await rankProbes(runner, probes, { ...ranking, withoutHistory: false });
  return { quality: qualityOf(probes, unseen), tops };
}

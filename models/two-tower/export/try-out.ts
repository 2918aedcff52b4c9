import type { Latency, Quality } from "../../bundle/passport.ts";
import type { TwoTowerShape } from "../weights.ts";
import type { GraphRunner } from "./graph-runner.ts";
import { measureLatency } from "./latency.ts";
import type { Probe, Probes } from "./probe.ts";
import { qualityOf } from "./quality.ts";
import { rankProbes } from "./rank-probes.ts";
import type { Top } from "./rank-probes.ts";

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
  readonly shape: TwoTowerShape;
  readonly threads: number;
}

export async function tryOut(runner: GraphRunner, options: TryOutOptions): Promise<Trial> {
  const { probes, shape, threads } = options;
  return {
    warm: await show(runner, probes.warm, shape.items),
    cold: await show(runner, probes.cold, shape.items),
    latency: await measureLatency(runner, { shape, threads }),
  };
}

async function show(
  runner: GraphRunner,
  probes: readonly Probe[],
  items: number,
): Promise<Showing> {
  const unseen = await rankProbes(runner, probes, { items, withoutHistory: true });
  const tops = await rankProbes(runner, probes, { items, withoutHistory: false });
  return { quality: qualityOf(probes, unseen), tops };
}

import type { Tensors } from "../tensors.ts";
import { unhurried } from "./graph-runner.ts";
import type { GraphRunner } from "./graph-runner.ts";
import type { Probe } from "./probe.ts";
import type { Top } from "./top.ts";

/** A batch of probes as a family's graph takes them, for the `fetch` best of the whole catalogue. */
export type ProbeFeeds<One extends Probe = Probe> = (
  probes: readonly One[],
  fetch: number,
) => Tensors;

export interface RankOptions<One extends Probe> {
  readonly items: number;
  readonly feeds: ProbeFeeds<One>;
  /** Leave out what the probe has chosen before, as an evaluation does; else the ten are what the graph says. */
  readonly withoutHistory: boolean;
  /** Takes the number of rows of each batch. */
  readonly onRows?: ((rows: number) => void) | undefined;
}

const batchSize = 32;

/** The top 10 of the whole catalogue for each probe. */
export async function rankProbes<One extends Probe>(
  runner: GraphRunner,
  probes: readonly One[],
  { items, feeds, withoutHistory, onRows }: RankOptions<One>,
): Promise<Top[]> {
  const tops: Top[] = [];
  for (let at = 0; at < probes.length; at += batchSize) {
    const batch = probes.slice(at, at + batchSize);
    const longest = Math.max(...batch.map(({ history }) => history.length));
    const fetch = Math.min(items, withoutHistory ? 10 + longest : 10);
    const outputs = await runner.run(feeds(batch, fetch), unhurried);
    batch.forEach((probe, row) => {
      const top = rowOf(outputs, row);
      tops.push(withoutHistory ? withoutSeen(top, probe) : top);
    });
    onRows?.(batch.length);
  }
  return tops;
}

function rowOf(outputs: Tensors, row: number): Top {
  const { ids, scores } = outputs as Record<"ids" | "scores", Tensors[string]>;
  const width = ids.dims[1]!;
  const cut = <Data extends Int32Array | Float32Array>(data: Data) =>
    data.slice(row * width, (row + 1) * width) as Data;
  return { ids: cut(ids.data as Int32Array), scores: cut(scores.data as Float32Array) };
}

/** Who chooses something again is asked whether it is found, so that stays. */
function withoutSeen({ ids, scores }: Top, { history, next }: Probe): Top {
  const known = new Set(history);
  known.delete(next);
  const kept = [...ids.keys()].filter((i) => !known.has(ids[i]!));
  return {
    ids: Int32Array.from(kept, (i) => ids[i]!),
    scores: Float32Array.from(kept, (i) => scores[i]!),
  };
}

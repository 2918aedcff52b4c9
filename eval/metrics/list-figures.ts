import type { Learnt } from "../baselines/learn.ts";
import type { ListFigures } from "../result.ts";

export interface ListOptions {
  readonly who: string;
  readonly learnt: Learnt;
  readonly kinds?: ReadonlyMap<string, readonly string[]>;
  /** What can be recommended at all. */
  readonly catalogueSize: number;
}

const listLength = 10;

/** Of the first ten of each list. */
export function listFigures(
  lists: readonly (readonly string[])[],
  options: ListOptions,
): ListFigures {
  const { who, learnt, catalogueSize } = options;
  const shown = lists.map((list) => list.slice(0, listLength));
  const exposure = new Map<string, number>();
  let [logs, count] = [0, 0];
  for (const item of shown.flat()) {
    exposure.set(item, (exposure.get(item) ?? 0) + 1);
    logs += Math.log10(1 + (learnt.counts[learnt.indexOf.get(item) ?? -1] ?? 0));
    count += 1;
  }
  return {
    who,
    distinct: exposure.size,
    coverage: exposure.size / catalogueSize,
    diversity: meanDiversity(shown, options),
    logPopularity: logs / count,
    gini: gini([...exposure.values()], catalogueSize),
  };
}

/** By what kinds the items are where the data says it (1 - Jaccard), else by who chose them together. */
function meanDiversity(
  lists: readonly (readonly string[])[],
  { learnt, kinds }: ListOptions,
): number {
  const unlike = kinds === undefined ? byUsers(learnt) : byKinds(kinds);
  let [sum, count] = [0, 0];
  for (const list of lists) {
    for (let a = 0; a < list.length; a++)
      for (let b = a + 1; b < list.length; b++) {
        sum += unlike(list[a]!, list[b]!);
        count += 1;
      }
  }
  return sum / count;
}

function byUsers({ indexOf, similarity }: Learnt) {
  return (a: string, b: string) => {
    const [left, right] = [indexOf.get(a), indexOf.get(b)];
    return left === undefined || right === undefined ? 1 : 1 - Math.min(1, similarity(left, right));
  };
}

function byKinds(kinds: ReadonlyMap<string, readonly string[]>) {
  return (a: string, b: string) => {
    const left = kinds.get(a) ?? [];
    const right = kinds.get(b) ?? [];
    const both = left.filter((kind) => right.includes(kind)).length;
    const all = left.length + right.length - both;
    return all === 0 ? 1 : 1 - both / all;
  };
}

/** Items that are never recommended count as well. */
function gini(exposures: readonly number[], items: number): number {
  const sorted = exposures.toSorted((a, b) => a - b);
  const unseen = Math.max(0, items - sorted.length);
  const total = sorted.reduce((sum, one) => sum + one, 0);
  const all = unseen + sorted.length;
  const weighted = sorted.reduce((sum, one, at) => sum + (unseen + at + 1) * one, 0);
  return (2 * weighted) / (all * total) - (all + 1) / all;
}

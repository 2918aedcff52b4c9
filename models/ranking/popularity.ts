import type { ItemMarks } from "./item-marks.ts";
import { rankByValue } from "./rank-by-value.ts";
import type { RankingRow } from "./row.ts";

/** The answer for somebody about whom nothing is known: what most people like. */
export interface Popularity {
  /** At most `row.topK` items, best first; ties go to the lower index. Overwritten by the next call. */
  top(row: RankingRow): Int32Array;
  score(item: number): number;
  /** All items, the most popular first. */
  readonly ranking: ArrayLike<number>;
}

/** @param counts How often each item was chosen. */
export function createPopularity(counts: Float32Array, marks: ItemMarks): Popularity {
  const better = (a: number, b: number) => counts[b]! - counts[a]! || a - b;
  const ranking = rankByValue(counts);

  const scan = (row: RankingRow) => {
    const top = new Int32Array(Math.min(row.topK, ranking.length));
    let found = 0;
    marks.clear();
    for (const item of row.excluded) marks.mark(item);
    for (let i = 0; i < ranking.length && found < top.length; i++) {
      if (!marks.has(ranking[i]!)) top[found++] = ranking[i]!;
    }
    return top.subarray(0, found);
  };

  return {
    top: (row) => row.candidates?.toSorted(better).subarray(0, row.topK) ?? scan(row),
    score: (item) => counts[item]!,
    ranking,
  };
}

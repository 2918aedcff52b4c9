/** A figure of where the target stands: 0 is first, Infinity not at all. */
export interface RankMetric {
  readonly name: string;
  /** From here on it is worth nothing. */
  readonly reach: number;
  readonly of: (rank: number) => number;
}

export function hit(k: number, name = `HR@${k}`): RankMetric {
  return { name, reach: k, of: (rank) => (rank < k ? 1 : 0) };
}

/** With one target the ideal is 1, and its gain is what is left: 1 / log2(rank + 2). */
export function ndcg(k: number): RankMetric {
  return { name: `NDCG@${k}`, reach: k, of: (rank) => (rank < k ? 1 / Math.log2(rank + 2) : 0) };
}

/** @param k What stands behind counts nothing. */
export function reciprocal(k = Infinity): RankMetric {
  const name = k === Infinity ? "MRR" : `MRR@${k}`;
  return { name, reach: k, of: (rank) => (rank < k ? 1 / (rank + 1) : 0) };
}

/** How far down the hits are counted for plots. */
export const curveReach = 20;

/** HR@1 … HR@20. */
export const hitCurve: readonly RankMetric[] = Array.from({ length: curveReach }, (_, at) =>
  hit(at + 1),
);

/** What a metric is worth where chance alone decides between the ranks from `first` to `last`. */
export function expected(metric: RankMetric, first: number, last: number): number {
  let sum = 0;
  const end = Math.min(last + 1, metric.reach);
  for (let rank = first; rank < end; rank++) sum += metric.of(rank);
  return sum / (last - first + 1);
}

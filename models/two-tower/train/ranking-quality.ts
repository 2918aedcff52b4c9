import { Random } from "../../random.ts";
import type { Quality } from "../../bundle/passport.ts";
import type { Probe } from "../../exporting/probe.ts";
import type { TwoTowerWeights } from "../weights.ts";

export interface RankingQuality extends Quality {
  /** Mean reciprocal rank. */
  readonly mrr: number;
}

/** Gives every item a score for somebody; the higher, the better. */
export type ScoreItems = (probe: Probe, scores: Float32Array) => void;

/**
 * How well scores find the choices that were kept: all items are ranked but those of the probe's history, equals by their index.
 */
export function rankingQuality(
  probes: readonly Probe[],
  items: number,
  score: ScoreItems,
): RankingQuality {
  const scores = new Float32Array(items);
  const sum = { hr10: 0, ndcg10: 0, mrr: 0 };
  for (const probe of probes) {
    score(probe, scores);
    for (const item of probe.history) scores[item] = Number.NEGATIVE_INFINITY;
    const rank = rankOf(probe.next, scores);
    sum.mrr += 1 / rank;
    if (rank > 10) continue;
    sum.hr10 += 1;
    sum.ndcg10 += 1 / Math.log2(rank + 1);
  }
  const count = probes.length;
  return { hr10: sum.hr10 / count, ndcg10: sum.ndcg10 / count, mrr: sum.mrr / count };
}

/** From 1. */
function rankOf(item: number, scores: Float32Array): number {
  const own = scores[item]!;
  let rank = 1;
  for (let other = 0; other < scores.length; other++) {
    if (scores[other]! > own || (scores[other] === own && other < item)) rank += 1;
  }
  return rank;
}

/** Dot products; a newcomer is the mean of what he chose. */
export function scoreByVectors(weights: TwoTowerWeights): ScoreItems {
  const { dims, userVectors, itemVectors } = weights;
  return ({ user, history }, scores) => {
    const taste =
      user < 0 ? meanOf(history, weights) : userVectors.subarray(user * dims, (user + 1) * dims);
    for (let item = 0; item < scores.length; item++) {
      let score = 0;
      for (let d = 0; d < dims; d++) score += taste[d]! * itemVectors[item * dims + d]!;
      scores[item] = score;
    }
  };
}

export function scoreByPopularity(popularity: Float32Array): ScoreItems {
  return (_, scores) => scores.set(popularity);
}

export function scoreAtRandom(seed: number): ScoreItems {
  const random = new Random(seed);
  return (_, scores) => {
    for (let item = 0; item < scores.length; item++) scores[item] = random.share();
  };
}

function meanOf(history: Int32Array, { dims, itemVectors }: TwoTowerWeights): Float32Array {
  const mean = new Float32Array(dims);
  for (const item of history) {
    for (let d = 0; d < dims; d++) mean[d]! += itemVectors[item * dims + d]! / history.length;
  }
  return mean;
}

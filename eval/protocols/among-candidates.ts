import type { Learnt } from "../baselines/learn.ts";
import type { Case } from "../data/dataset.ts";
import { expected, type RankMetric } from "../metrics/rank-metrics.ts";
import { pessimisticRank, standingAmong } from "../metrics/rank.ts";
import type { Trial } from "./part.ts";

/** As many as sequence models look at. */
export const newestSent = 200;

export interface AmongOptions {
  readonly metrics: readonly RankMetric[];
  readonly learnt: Learnt;
  readonly isAnonymous: boolean;
}

export interface Asked {
  readonly subject: number;
  readonly seed?: number;
  readonly one: Case;
  readonly negatives: readonly string[];
}

/** The target is to be found among negatives: the model ranks all of them. */
export function trialAmong(asked: Asked, { metrics, learnt, isAnonymous }: AmongOptions): Trial {
  const { subject, seed, one, negatives } = asked;
  const { target, sequence, user } = one;
  // Each once, and in an order that says nothing of which it is.
  const candidates = [...new Set([target, ...negatives])].sort();
  const standing = (items: Parameters<Trial["judge"]>[0]["items"]) =>
    standingAmong(items, target, negatives);
  return {
    subject,
    ...(seed !== undefined && { seed }),
    question: {
      userId: isAnonymous ? "" : user,
      history: sequence.slice(-newestSent),
      candidates,
      topK: candidates.length,
    },
    judge: ({ items }) => metrics.map((metric) => metric.of(pessimisticRank(standing(items)))),
    isTied: ({ items }) => standing(items).tied > 0,
    baselines: [
      metrics.map((metric) => expected(metric, 0, rivals(negatives, target))),
      ...learnt.baselines.map(({ scores }) => {
        const known = scores(sequence);
        const scoreOf = (id: string) => known[learnt.indexOf.get(id) ?? -1] ?? 0;
        const ranking = candidates.map((id) => ({ id, score: scoreOf(id) }));
        const { above, tied } = standingAmong(ranking, target, negatives);
        return metrics.map((metric) => expected(metric, above, above + tied));
      }),
    ],
  };
}

function rivals(negatives: readonly string[], target: string): number {
  return negatives.filter((one) => one !== target).length;
}

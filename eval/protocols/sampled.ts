import { hit, hitCurve, ndcg, reciprocal } from "../metrics/rank-metrics.ts";
import { newestSent, trialAmong } from "./among-candidates.ts";
import { drawNegatives } from "./draw-negatives.ts";
import { rankMetrics } from "./rank-part.ts";
import type { SequenceProtocol } from "./protocol.ts";

const negativeCount = 100;
const shown = [hit(1), hit(5), hit(10), ndcg(5), ndcg(10), reciprocal()];
const metrics = [...shown, ...hitCurve];

/** As SASRec and SSE-PT are compared: the next item among 100 others. */
export const sampled: SequenceProtocol = {
  name: "sampled",
  summary: "the next item among 100 negatives: HR@10, NDCG@10 (SASRec, SSE-PT)",
  needs: "sequences",
  together: { reach: 5, newest: 10 },
  parts(data, { learnt, seed, isAnonymous }) {
    const isFrozen = data.cases.every(({ negatives }) => negatives !== undefined);
    const trials = data.cases.map((one, subject) => {
      const excluded = new Set([...one.sequence, one.target]);
      const draw = { count: negativeCount, seed, stream: one.place };
      const negatives = one.negatives ?? drawNegatives(data.items, excluded, draw);
      return trialAmong({ subject, one, negatives }, { metrics, learnt, isAnonymous });
    });
    return [
      {
        key: "sampled",
        title: "The next item among 100 negatives",
        notes: [
          isFrozen
            ? "Negatives are those frozen with the data; one that is there twice counts twice, and the target is no rival of its own."
            : `${negativeCount} negatives are drawn for each user with seed ${seed}, all different, none of them in the user's history.`,
          `The model is sent the newest ${newestSent} items of a history, and ranks the candidates alone.`,
          "Not comparable with figures over the whole catalogue.",
        ],
        metrics: rankMetrics(shown),
        baselines: ["random", ...learnt.baselines.map(({ name }) => name)],
        trials,
        isOpen: false,
      },
    ];
  },
};

import { hit, hitCurve, reciprocal } from "../metrics/rank-metrics.ts";
import { newestSent, trialAmong } from "./among-candidates.ts";
import { drawNegatives } from "./draw-negatives.ts";
import type { SequenceProtocol } from "./protocol.ts";
import { rankMetrics } from "./rank-part.ts";

const negativeCount = 50;
const shown = [reciprocal(), hit(1, "Hit@1"), hit(5, "Hit@5"), hit(10, "Hit@10")];
const metrics = [...shown, ...hitCurve];

/** As the playlist recommender of the design was measured. */
export const oneVs50: SequenceProtocol = {
  name: "1-vs-50",
  summary: "one that the user chose among 50 he did not: MRR, Hit@1, Hit@5, Hit@10",
  needs: "sequences",
  together: { reach: Infinity, newest: 50 },
  parts(data, { learnt, seed, isAnonymous }) {
    const trials = data.cases.map((one, subject) => {
      const excluded = new Set([...one.sequence, one.target]);
      const draw = { count: negativeCount, seed, stream: one.place };
      const negatives = drawNegatives(data.items, excluded, draw);
      return trialAmong({ subject, one, negatives }, { metrics, learnt, isAnonymous });
    });
    return [
      {
        key: "1-vs-50",
        title: "One positive among 50 negatives",
        notes: [
          `${negativeCount} negatives are drawn for each user with seed ${seed}, all different, none of them chosen by the user.`,
          `The model is sent the newest ${newestSent} items of a history, and ranks the candidates alone.`,
        ],
        metrics: rankMetrics(shown),
        baselines: ["random", ...learnt.baselines.map(({ name }) => name)],
        trials,
        isOpen: false,
      },
    ];
  },
};

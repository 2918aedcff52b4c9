import { hit, hitCurve, reciprocal } from "../metrics/rank-metrics.ts";
import { trialAmong } from "./among-candidates.ts";
import { drawNegatives } from "./draw-negatives.ts";
import type { SequenceProtocol } from "./protocol.ts";
import { rankMetrics } from "./rank-part.ts";

const candidateCount = 20;
const seeds = [0, 1, 2, 3, 4];
const shown = [hit(1, "HitRatio@1"), hit(5, "HitRatio@5"), reciprocal()];
const metrics = [...shown, ...hitCurve];

/** As LLaRA is compared: the first of 20, with five draws of the 19 others. */
export const candidates20: SequenceProtocol = {
  name: "candidates-20",
  summary: "the next item among 19 that the user did not choose, seeds 0-4: HitRatio@1 (LLaRA)",
  needs: "sequences",
  together: { reach: 5, newest: 10 },
  parts(data, { learnt, isAnonymous }) {
    const trials = seeds.flatMap((seed) =>
      data.cases.map((one, subject) => {
        const excluded = new Set([...one.sequence, one.target]);
        const draw = { count: candidateCount - 1, seed, stream: one.place };
        const negatives = drawNegatives(data.items, excluded, draw);
        return trialAmong({ subject, seed, one, negatives }, { metrics, learnt, isAnonymous });
      }),
    );
    return [
      {
        key: "candidates-20",
        title: "The next item among 20 candidates",
        notes: [
          `${candidateCount - 1} others are drawn for each user with each of the seeds ${seeds.join(", ")}; a user's figure is the mean over them, and intervals are over users.`,
        ],
        metrics: rankMetrics(shown),
        baselines: ["random", ...learnt.baselines.map(({ name }) => name)],
        trials,
        isOpen: false,
      },
    ];
  },
};

import { type Dashboard, model } from "./panel.ts";

const where = 'namespace=~"$namespace", model=~"$model"';
const byVersion = "{{model}} {{version}}";

export const recommenders: Dashboard = {
  uid: "crossfade-recommenders",
  title: "Crossfade / Recommender health",
  description:
    "Whether what is recommended is still what it was: for whom, of what, and with which scores.",
  variables: [model("crossfade_model_info")],
  rows: [
    {
      title: "Who asks",
      panels: [
        {
          title: "Cold users",
          description:
            "Share of answers, of the last hour, to users that the model does not know. A jump: the model is old, or ids are written otherwise.",
          unit: "percentunit",
          alert: "CrossfadeColdUsers",
          queries: [
            { expr: `crossfade:cold_share:ratio1h{${where}}`, legend: byVersion },
            { expr: "crossfade:threshold:cold_share", legend: "threshold" },
          ],
        },
        {
          title: "Unknown items",
          description:
            "Share of item ids in requests, of the last hour, that are not in the catalogue.",
          unit: "percentunit",
          alert: "CrossfadeUnknownIds",
          queries: [
            { expr: `crossfade:unknown_id_share:ratio1h{${where}}`, legend: byVersion },
            { expr: "crossfade:threshold:unknown_id_share", legend: "threshold" },
          ],
        },
        {
          title: "Answers",
          description:
            "Of the last hour: below crossfade:threshold:min_answers nothing here alerts.",
          unit: "short",
          queries: [{ expr: `crossfade:answers:increase1h{${where}}`, legend: byVersion }],
        },
      ],
    },
    {
      title: "What is recommended",
      panels: [
        {
          title: "Coverage of the catalogue",
          description:
            "Share of all items that one server recommended in the last full hour; of several servers the one that covers most.",
          unit: "percentunit",
          queries: [{ expr: `crossfade:coverage:ratio{${where}}`, legend: byVersion }],
        },
        {
          title: "Share of the most popular items",
          description:
            "Of recommended items, how many are among the most popular 1% and 10% of the catalogue. Towards 1: everybody gets the same.",
          unit: "percentunit",
          queries: [
            {
              expr: `crossfade:popular_share:ratio1h{${where}}`,
              legend: `${byVersion} top {{top_percent}}%`,
            },
          ],
        },
        {
          title: "Mean place by popularity",
          description:
            "Of recommended items: 0 is the most popular item, 1 the least. 0.5 is what chance would recommend.",
          unit: "percentunit",
          queries: [{ expr: `crossfade:rank_share:mean1h{${where}}`, legend: byVersion }],
        },
      ],
    },
    {
      title: "Scores",
      panels: [
        {
          title: "Drift of the best scores",
          description:
            "Population stability index, last hour to the day that ended a day ago: 0.1 is worth a look, 0.25 is another distribution. Empty for the first two days of a version.",
          unit: "short",
          alert: "CrossfadeScoresDrift",
          thresholds: { orange: 0.1, red: 0.25 },
          queries: [{ expr: `crossfade:top_scores:psi{${where}}`, legend: byVersion }],
        },
        {
          title: "Best scores",
          description:
            "Share of answers by their best score, last hour; eight bins between a score and its double, named by where they begin.",
          unit: "percentunit",
          isStacked: true,
          width: 8,
          queries: [
            {
              expr: `crossfade:top_scores_now:share1h{${where}}`,
              legend: `${byVersion} {{bin}}`,
            },
          ],
        },
        {
          title: "Best scores a day ago",
          description: "The same of the day that ended a day ago: what the drift is measured from.",
          unit: "percentunit",
          isStacked: true,
          queries: [
            {
              expr: `crossfade:top_scores_before:share1d{${where}}`,
              legend: `${byVersion} {{bin}}`,
            },
          ],
        },
      ],
    },
  ],
};

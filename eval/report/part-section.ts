import { html, type Html } from "../../display/html.ts";
import { figure, foldedTable, table } from "../../display/table.ts";
import type { Difference, PartResult } from "../result.ts";
import { groupsIn, rowsOfGroup, shownMetrics } from "./describe.ts";
import { formatChange, formatEstimate, formatFigure, formatInterval } from "./figures.ts";
import { curveKeys, curvePlot, curveTable } from "./hit-curve.ts";
import { estimateBar, spanOf } from "./estimate-bar.ts";

/** What was asked under one rule. */
export function partSection(part: PartResult): Html {
  const hasCurve = part.metrics.some(({ isCurve }) => isCurve);
  return html`<section id="${part.key}">
    <h2>${part.title}</h2>
    <p class="lead">${part.notes.map((note) => html`${note} `)}</p>
    ${groupsIn(part).map((group) => groupTables(part, group))}
    ${
      hasCurve &&
      html`${figure("Users whose target is among the first k", curveKeys(part), curvePlot(part))}
      ${foldedTable("The curve as a table", curveTable(part))}`
    }
    ${seedTable(part)} ${differenceTables(part)} ${listTable(part)}
  </section>`;
}

/** Once for eyes; each row has a head for ears. */
function nameOf(metric: string, isFirst: boolean): Html {
  return html`<span class="${isFirst ? "" : "quiet"}">${metric}</span>`;
}

/** A table a metric would tear apart what belongs together: metrics are blocks of one table's rows. */
function groupTables(part: PartResult, group: string): Html {
  const rows = rowsOfGroup(part, group);
  const cells = shownMetrics(part).flatMap((metric) => {
    const estimates = rows.map(({ values }) => values[metric]!);
    const span = spanOf(estimates);
    return rows.map(({ who, isBaseline, values }, at) => [
      nameOf(part.metrics[metric]!.name, at === 0),
      isBaseline ? html`<span class="quiet">${who}</span>` : who,
      formatFigure(values[metric]!.mean),
      estimateBar(values[metric]!, { span, isFirst: at === 0, label: `${who}: ` }),
      formatInterval(values[metric]!),
    ]);
  });
  const users = rows[0]?.users ?? 0;
  const name = group === "all" ? "All users" : group;
  return html`<h3>${name[0]!.toUpperCase()}${name.slice(1)} (${users})</h3>
    ${table(
      `${part.title}: ${name}`,
      [
        { head: "" },
        { head: "" },
        { head: "Mean", kind: "num" },
        { head: "", kind: "interval-cell" },
        { head: "95% of resamples", kind: "num" },
      ],
      cells,
    )}`;
}

function seedTable({ seeds, metrics }: PartResult): Html | false {
  if (seeds.length === 0) return false;
  const shown = metrics.flatMap(({ isCurve }, at) => (isCurve ? [] : [at]));
  return html`<h3>With each seed</h3>
    ${table(
      "With each seed",
      [
        { head: "" },
        { head: "Seed", kind: "num" },
        ...shown.map((at) => ({ head: metrics[at]!.name, kind: "num" as const })),
      ],
      seeds.map(({ who, seed, means }) => [
        who,
        seed,
        ...shown.map((at) => formatFigure(means[at]!)),
      ]),
    )}`;
}

/** Of what is compared; of baselines, whom the tables above already show, folded. */
function differenceTables(part: PartResult): readonly Html[] {
  const tableOf = (one: Difference) => differenceTable(part, one);
  const ofBaselines = part.differences.filter(({ isBaseline }) => isBaseline);
  return [
    ...part.differences
      .filter(({ isBaseline, group }) => !isBaseline && group === "all")
      .map(tableOf),
    ...(ofBaselines.length === 0
      ? []
      : [
          html`<details>
            <summary>Baselines, user by user</summary>
            ${ofBaselines.map(tableOf)}
          </details>`,
        ]),
  ];
}

function differenceTable(part: PartResult, difference: Difference): Html {
  const { who, group, values, overlapAt10, sameTop1 } = difference;
  const of = group === "all" ? "" : `, ${group}`;
  const first = part.rows[0]?.who ?? "";
  const shown = shownMetrics(part);
  const span = spanOf(shown.map((at) => values[at]!));
  const rows = shown.map((at) => [
    part.metrics[at]!.name,
    formatChange(values[at]!.mean),
    estimateBar(values[at]!, { span, isFirst: false, label: `${part.metrics[at]!.name}: ` }),
    formatInterval(values[at]!),
  ]);
  const agreement = [
    ["Shared of the first ten", overlapAt10],
    ["Same first one", sameTop1],
  ] as const;
  const name = `${who} less ${first}${of}`;
  return html`<h3>${name}</h3>
    ${table(
      name,
      [
        { head: "" },
        { head: "Mean", kind: "num" },
        { head: "", kind: "interval-cell" },
        { head: "95% of resamples", kind: "num" },
      ],
      rows,
    )}
    ${agreement.map(
      ([name, estimate]) =>
        estimate && html`<p class="about">${name}: ${formatEstimate(estimate)}</p>`,
    )}`;
}

function listTable({ lists, title }: PartResult): Html | false {
  if (lists.length === 0) return false;
  return html`<h3>Lists of ten</h3>
    <p class="about">
      Coverage: share of the catalogue that anybody is shown. Diversity: how unlike two items of a
      list are. Popularity: mean log10 of 1 + choices in training. Gini: 0 all items are shown
      alike, 1 one item alone.
    </p>
    ${table(
      `${title}: lists of ten`,
      [
        { head: "" },
        { head: "Items", kind: "num" },
        { head: "Coverage", kind: "num" },
        { head: "Diversity", kind: "num" },
        { head: "Popularity", kind: "num" },
        { head: "Gini", kind: "num" },
      ],
      lists.map(({ who, distinct, coverage, diversity, logPopularity, gini }) => [
        who,
        distinct,
        ...[coverage, diversity ?? Number.NaN, logPopularity, gini].map(formatFigure),
      ]),
    )}`;
}

import { comparisonRecord } from "../compare/comparison-json.ts";
import type { ComparedRun, Comparison } from "../compare/comparison.ts";
import { concludeInWords, describeDifference } from "../compare/describe-difference.ts";
import type { SideName } from "../compare/run-order.ts";
import { joinHistograms } from "../histogram/create-histogram.ts";
import { html, type Html } from "../../display/html.ts";
import { renderPage } from "../../display/page.ts";
import { figure, foldedTable, table } from "../../display/table.ts";
import { intervalAxis, intervalBar, ratioScale } from "./plots/interval-bar.ts";
import { percentilePlot, type PercentileSeries } from "./plots/percentile-plot.ts";
import { percentileTable, shortPercentileTable } from "./plots/percentile-table.ts";
import { runDots } from "./plots/run-dots.ts";
import { setupSection } from "./sections/setup.ts";

/** One HTML page: what differs, how sure that is, and every run that it rests on. */
export function renderComparison(comparison: Comparison): string {
  const { names, runs, differences } = comparison;
  const series = sidesOf(comparison);
  const percentiles = percentileTable(series);
  return renderPage({
    title: `${names.a} and ${names.b}: comparison`,
    header: opening(comparison),
    main: [
      differences.length > 0 && differencesSection(comparison),
      series.length > 0 && percentilesSection(series),
      differences.length > 0 && runsSection(comparison),
      invalidRuns(runs),
      runs[0] !== undefined && setupSection(runs[0].result),
    ],
    footer: html`<p>
      Intervals are Student t-intervals of the log ratios of paired runs. The chance of a false
      alarm, 5% in all, is dealt to the metrics: half of it to p99. A difference counts when its
      interval does not hold "no change" and it is larger than the shaded band and the metric's
      least amount.
    </p>`,
    hover: { time: { heads: [], rows: [] }, percentile: { percentiles } },
    figures: comparisonRecord(comparison),
  });
}

const words = { pass: "NOT WORSE", fail: "WORSE", invalid: "INVALID" } as const;

function opening(comparison: Comparison): Html {
  const { names, outcome, reasons, notes, runs } = comparison;
  return html`<p class="over">Crossfade comparison</p>
    <div class="title">
      <h1>
        <span class="key series-0">${names.a}</span> <span class="quiet">and</span>
        <span class="key series-1">${names.b}</span>
      </h1>
      <span class="badge ${outcome}">${words[outcome]}</span>
    </div>
    <p class="about">${runs.length} runs in turns; a is ${names.a}, b is ${names.b}</p>
    ${
      outcome === "invalid" &&
      html`<div class="banner invalid" role="alert">
        <strong>INVALID: this comparison proves nothing</strong>
        <ul>
          ${reasons.map((reason) => html`<li>${reason}</li>`)}
        </ul>
      </div>`
    }${
      outcome !== "invalid" &&
      html`<div class="banner ${outcome === "fail" ? "fail" : "note"}">
        <strong>${concludeInWords(comparison)}</strong>
        ${reasons.map((reason) => html`<p>${reason}</p>`)}
      </div>`
    }${
      notes.length > 0 &&
      html`<ul class="notes">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    }`;
}

function differencesSection({ differences }: Comparison): Html {
  const scale = ratioScale(differences);
  const rows = differences.map((difference) => {
    const { name, a, b, change, interval, says } = describeDifference(difference);
    const look = { same: "quiet", better: "pass-text", worse: "fail-text" }[difference.bIs];
    return [
      name,
      a,
      b,
      change,
      intervalBar(difference, scale),
      interval,
      html`<span class="${look}">${says}</span>`,
    ];
  });
  const axis = ["", "", "", "", intervalAxis(scale), "", ""];
  return html`<section id="differences">
    <h2>Differences</h2>
    <p class="lead">
      b over a, round by round: rings are rounds, the dot is their mean, the bar the interval that
      holds the truth. The shaded band is too small to count.
    </p>
    ${table(
      "Differences",
      [
        { head: "" },
        { head: "a", kind: "num" },
        { head: "b", kind: "num" },
        { head: "b / a", kind: "num" },
        { head: "", kind: "interval-cell" },
        { head: "Interval", kind: "num" },
        { head: "", kind: "wide" },
      ],
      [...rows, axis],
    )}
  </section>`;
}

/** All valid runs of a side as one. */
function sidesOf({ runs, names }: Comparison): PercentileSeries[] {
  return (["a", "b"] as const).flatMap((side, at) => {
    const own = runs.filter((run) => run.side === side && run.sample !== undefined);
    if (own.length === 0) return [];
    const histogram = joinHistograms(own.map(({ result }) => result.latency));
    return [{ name: names[side], look: `series-${at}`, histogram }];
  });
}

function percentilesSection(series: readonly PercentileSeries[]): Html {
  const title = "Latency by percentile, all valid runs of a side together";
  const plot = percentilePlot({ id: "percentiles", title, series });
  return html`<section id="latency">
    <h2>Latency</h2>
    <p class="lead">For the eye: what counts is decided from run to run, above.</p>
    ${figure(title, series, plot)}${foldedTable("The plot as a table", shortPercentileTable(series))}
  </section>`;
}

function runsSection({ differences, runs, names }: Comparison): Html {
  const keys = [
    { look: "series-0", name: names.a },
    { look: "series-1", name: names.b },
  ];
  const rows = runs.map(({ side, round, sample }, at) => [
    `Run ${at + 1}`,
    nameOf(side, names),
    String(round + 1),
    ...differences.map(({ metric }) => {
      const value = sample && metric.read(sample);
      return value === undefined ? "not valid" : String(Number(value.toPrecision(6)));
    }),
  ]);
  const heads = [
    "",
    "side",
    "round",
    ...differences.map(({ metric }) => `${metric.name}, ${metric.unit}`),
  ];
  return html`<section id="runs">
    <h2>Run by run</h2>
    <p class="lead">
      In the order in which they ran: a drift hits both sides of a round alike, an outlier stands
      alone.
    </p>
    <div class="pairs">
      ${differences.map(({ metric }) => figure(metric.name, keys, runDots(metric, runs)))}
    </div>
    ${foldedTable("The runs as a table", { heads, rows })}
  </section>`;
}

function nameOf(side: SideName, names: Comparison["names"]): string {
  return `${side}: ${names[side]}`;
}

function invalidRuns(runs: readonly ComparedRun[]): Html {
  const invalid = runs.flatMap(({ result, side }, at) =>
    result.invalid.map(({ message }) => [`Run ${at + 1}, ${side}`, message]),
  );
  if (invalid.length === 0) return html``;
  return html`<section id="invalid-runs">
    <h2>Runs that were not valid</h2>
    <p class="lead">Their rounds were run again.</p>
    ${table("Runs that were not valid", [{ head: "" }, { head: "", kind: "wide" }], invalid)}
  </section>`;
}

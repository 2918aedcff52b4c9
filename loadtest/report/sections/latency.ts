import { formatCount, formatMs } from "../../../display/figures.ts";
import type { Histogram } from "../../histogram/histogram.ts";
import type { RunResult } from "../../run-result.ts";
import { enoughSamples } from "../../verdict/enough-samples.ts";
import { percentileName } from "../../verdict/slo.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { html, type Html, type HtmlValue } from "../../../display/html.ts";
import { figure, foldedTable, table } from "../../../display/table.ts";
import {
  percentilePlot,
  type PercentileLimit,
  type PercentileSeries,
} from "../plots/percentile-plot.ts";
import { shortPercentileTable } from "../plots/percentile-table.ts";

const shown = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** Without service time for a closed loop: there the two are one. */
export function latencySeries({ about, latency, service }: RunResult): PercentileSeries[] {
  const own = { name: "latency", look: "latency", histogram: latency };
  if (about.loop === "closed") return [own];
  return [own, { name: "service time", look: "service", histogram: service }];
}

export function latencySection(result: RunResult, verdict: Verdict): Html {
  const series = latencySeries(result);
  const isOpen = result.about.loop === "open";
  const lead = isOpen
    ? "Latency counts from when a call was to leave by the schedule, service time from when it left. Where the two part, callers had to wait for the target before they were heard."
    : "From when a call left: a closed loop has no schedule that a call could be late for.";
  if (result.latency.count === 0) {
    return html`<section id="latency">
      <h2>Latency</h2>
      <p class="lead">No call ended OK, so there is none.</p>
    </section>`;
  }
  const plot = percentilePlot({
    id: "percentiles",
    title: "Latency by percentile",
    series,
    limits: limitsOf(verdict),
  });
  const keys = series.map(({ name, look }) => ({ name, look }));
  return html`<section id="latency">
    <h2>Latency</h2>
    <p class="lead">${lead}</p>
    <div class="beside">
      <div>
        ${figure("Latency by percentile", keys, plot)}${foldedTable("The plot as a table", shortPercentileTable(series))}
      </div>
      <div>${figureTable(result, series)}</div>
    </div>
  </section>`;
}

function figureTable({ failure }: RunResult, series: readonly PercentileSeries[]): Html {
  const row = (name: HtmlValue, read: (histogram: Histogram) => number) => [
    name,
    ...series.map(({ histogram }) => formatMs(read(histogram))),
  ];
  const rows = [
    ...shown.map((share) => {
      const isSure = series.every(({ histogram }) => histogram.count >= enoughSamples(share));
      const name = percentileName(share);
      const head = isSure ? name : html`${name} <small>few calls</small>`;
      return row(head, (histogram) => histogram.at(share));
    }),
    row("slowest", ({ maxMs }) => maxMs),
    row("mean", ({ meanMs }) => meanMs),
    row("fastest", ({ minMs }) => minMs),
  ];
  const heads = series.map(({ name }) => ({ head: name, kind: "num" as const }));
  return html`${table("Latency", [{ head: "" }, ...heads], rows)}${
    failure.count > 0 &&
    html`<p class="quiet">
      Of calls that ended OK. The ${formatCount(failure.count)} that did not took
      ${formatMs(failure.at(0.5))} at p50 and ${formatMs(failure.at(0.99))} at p99.
    </p>`
  }`;
}

function limitsOf({ gates }: Verdict): PercentileLimit[] {
  return gates.flatMap(({ objective: { of, limit }, outcome }) => {
    if (of.kind !== "all" || limit.measure !== "latency") return [];
    const label = `${percentileName(limit.quantile)} ≤ ${formatMs(limit.mostMs)}`;
    return [{ quantile: limit.quantile, ms: limit.mostMs, label, look: outcome }];
  });
}

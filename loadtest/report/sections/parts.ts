import { formatCount, formatMs, formatShare } from "../../../display/figures.ts";
import type { RunResult, Share } from "../../run-result.ts";
import { html, type Html, type HtmlValue } from "../../../display/html.ts";
import { figure, table } from "../../../display/table.ts";
import { percentilePlot, type PercentileSeries } from "../plots/percentile-plot.ts";
import { sharePlot } from "../plots/share-plot.ts";
import type { TimeColumn } from "../plots/time-columns.ts";

/** Colours are few: the parts beyond take turns with the first. */
export const looks = 6;

export function armsSection(result: RunResult, columns: readonly TimeColumn[]): Html {
  const arms = sorted(result.arms);
  if (arms.length === 0) return html``;
  const names = arms.map(([name]) => name);
  return html`<section id="arms">
    <h2>By arm</h2>
    <p class="lead">Of answers that named the arm they came from.</p>
    ${partsBody("arm", arms)}
    ${columns.length > 1 && arms.length > 1 && figure("Share of each arm over time", keysOf(names), sharePlot(columns, names))}
  </section>`;
}

export function backendsSection(result: RunResult): Html {
  const backends = sorted(result.backends);
  if (backends.length === 0) return html``;
  return html`<section id="backends">
    <h2>By backend</h2>
    <p class="lead">Of answers that named the backend they came from.</p>
    ${partsBody("backend", backends)}
  </section>`;
}

/** The lines of a plot, one for each part. */
export function partSeries(parts: RunResult["arms"]): PercentileSeries[] {
  return sorted(parts).map(([name, { latency }], at) => ({
    name,
    look: `series-${at % looks}`,
    histogram: latency,
  }));
}

type Part = readonly [name: string, share: Share];

/** The largest first. */
function sorted(parts: RunResult["arms"]): Part[] {
  return Object.entries(parts).toSorted(([, one], [, other]) => other.answers - one.answers);
}

function partsBody(kind: "arm" | "backend", parts: readonly Part[]): Html {
  const total = parts.reduce((sum, [, { answers }]) => sum + answers, 0);
  const rows = parts.map(([name, share], at): HtmlValue[] => {
    const { answers, degraded, latency } = share;
    const part = answers / Math.max(1, total);
    return [
      html`<span class="key series-${at % looks}">${name}</span>`,
      formatCount(answers),
      formatShare(part),
      bar(part, at),
      ...[0.5, 0.99, 0.999].map((quantile) =>
        latency.count === 0 ? "–" : formatMs(latency.at(quantile)),
      ),
      formatShare(degraded / answers),
    ];
  });
  const heads = ["Answers", "Share", "", "p50", "p99", "p99.9", "Degraded"];
  const columns = [
    { head: kind === "arm" ? "Arm" : "Backend" },
    ...heads.map((head) => ({
      head,
      kind: head === "" ? ("bar-cell" as const) : ("num" as const),
    })),
  ];
  const series = partSeries(Object.fromEntries(parts));
  const isPlotted = series.some(({ histogram }) => histogram.count > 0);
  return html`${table(`By ${kind}`, columns, rows)}
  ${parts.length > 1 && isPlotted && partPlot(kind, series)}`;
}

function partPlot(kind: "arm" | "backend", series: readonly PercentileSeries[]): Html {
  const title = `Latency by percentile, each ${kind}`;
  const keys = series.map(({ look, name }) => ({ look, name }));
  const plot = percentilePlot({ id: `${kind}-percentiles`, title, series, heightPx: 220 });
  return html`<p></p>
    ${figure(title, keys, plot)}`;
}

function keysOf(names: readonly string[]) {
  return names.map((name, at) => ({ look: `series-${at % looks}`, name }));
}

function bar(share: number, at: number): Html {
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect width="100" height="10" />
    <rect class="series-${at % looks}" width="${(100 * share).toFixed(1)}" height="10" />
  </svg>`;
}

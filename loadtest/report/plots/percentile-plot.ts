import { formatMs } from "../../../display/figures.ts";
import type { Histogram } from "../../histogram/histogram.ts";
import { percentileName } from "../../verdict/slo.ts";
import { html, type Html } from "../../../display/html.ts";
import { linePath, plot, xPercent, yPx } from "../../../display/plots/frame.ts";
import { logScale, nines, type Scale } from "../../../display/plots/scale.ts";

export interface PercentileSeries {
  readonly name: string;
  /** How it is drawn: see the style of the page. */
  readonly look: string;
  readonly histogram: Histogram;
}

export interface PercentileLimit {
  readonly quantile: number;
  readonly ms: number;
  readonly label: string;
  readonly look: "pass" | "fail" | "invalid";
}

export interface PercentilePlot {
  readonly id: string;
  readonly title: string;
  readonly series: readonly PercentileSeries[];
  readonly limits?: readonly PercentileLimit[];
  readonly heightPx?: number;
}

const points = 200;

/** What HdrHistogram users know: the further right, the rarer; each tick leaves a tenth of the calls. */
export function percentilePlot(options: PercentilePlot): Html {
  const { id, title, limits = [], heightPx = 300 } = options;
  const series = options.series.filter(({ histogram }) => histogram.count > 0);
  const x = nines(Math.max(1, ...series.map(({ histogram }) => histogram.count)));
  const values = [
    ...series.flatMap(({ histogram }) => [histogram.minMs, histogram.maxMs]),
    ...limits.map(({ ms }) => ms),
  ];
  const y = logScale(Math.min(...values), Math.max(...values));
  const isShown = ({ quantile }: PercentileLimit) => x.at(quantile) < 1;
  return plot({
    id,
    title,
    description: series
      .map(
        ({ name, histogram }) =>
          `${name}: p50 ${formatMs(histogram.at(0.5))}, p99 ${formatMs(histogram.at(0.99))}`,
      )
      .join("; "),
    heightPx,
    x: { scale: x, label: percentileName },
    y: { scale: y, label: tickMs },
    shapes: series.map(
      ({ look, histogram }) =>
        html`<path class="line ${look}" d="${linePath(curve(histogram, x, y))}" />`,
    ),
    marks: limits.filter(isShown).map((limit) => mark(limit, { x, y, heightPx })),
    hover: "percentile",
  });
}

function curve(histogram: Histogram, x: Scale, y: Scale): [x: number, y: number][] {
  const own = quantiles(histogram.count);
  const line = own.map((quantile): [number, number] => [
    x.at(quantile),
    y.at(histogram.at(quantile)),
  ]);
  return [...line.slice(0, -1), [line.at(-1)![0], y.at(histogram.maxMs)]];
}

/** As densely as the axis shows them, up to the last call. */
export function quantiles(calls: number): number[] {
  const end = Math.log10(Math.max(1, calls));
  return Array.from({ length: points + 1 }, (_, at) => 1 - 10 ** ((-end * at) / points));
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
  readonly heightPx: number;
}

function mark({ quantile, ms, label, look }: PercentileLimit, { x, y, heightPx }: Scales): Html {
  const [left, top] = [xPercent(x.at(quantile)), yPx({ heightPx }, y.at(ms))];
  const anchor = x.at(quantile) > 0.85 ? "end" : x.at(quantile) < 0.15 ? "start" : "middle";
  return html`<g class="limit ${look}"
    ><line x1="${left}" x2="${left}" y1="${top - 7}" y2="${top + 7}" /><circle
      cx="${left}"
      cy="${top}"
      r="3.5"
    /><text x="${left}" y="${top - 11}" text-anchor="${anchor}">${label}</text></g
  >`;
}

/** Of an axis: round values, without digits that say nothing. */
export function tickMs(ms: number): string {
  if (ms >= 1_000) return `${Number((ms / 1_000).toPrecision(6))} s`;
  return `${Number(ms.toPrecision(6))} ms`;
}

import { formatMs } from "../../../display/figures.ts";
import { html, type Html } from "../../../display/html.ts";
import { boxPath, linePath, plot } from "../../../display/plots/frame.ts";
import { tickMs } from "./percentile-plot.ts";
import { logScale, type Scale } from "../../../display/plots/scale.ts";
import { timeAxis, type TimeColumn } from "./time-columns.ts";

const rows = 40;
/** Of a column's calls, what a cell of each shade has at least; single slow calls are still seen. */
export const shades = [0, 0.003, 0.01, 0.03, 0.1, 0.3] as const;

/** Where the latencies of each moment lie, with its p50 and p99. */
export function heatMap(columns: readonly TimeColumn[]): Html {
  const answered = columns.filter(({ latency }) => latency.count > 0);
  const least = Math.min(...answered.map(({ latency }) => latency.minMs));
  const most = Math.max(...answered.map(({ latency }) => latency.maxMs));
  const y = answered.length > 0 ? logScale(least, most) : logScale(1, 10);
  const cells = cellsByShade(columns, y);
  return plot({
    id: "heat-map",
    title: "Latency over time",
    description:
      answered.length === 0
        ? "No call was answered."
        : `From ${formatMs(least)} to ${formatMs(most)}; the table below has p50 and p99 of each column.`,
    heightPx: 260,
    x: timeAxis(columns),
    y: { scale: y, label: tickMs },
    shapes: [
      cells.map(
        (path, shade) => path !== "" && html`<path class="heat heat-${shade}" d="${path}" />`,
      ),
      quantileLine(columns, { y, quantile: 0.5, look: "p50" }),
      quantileLine(columns, { y, quantile: 0.99, look: "p99" }),
    ],
    hover: "time",
  });
}

function cellsByShade(columns: readonly TimeColumn[], y: Scale): string[] {
  const paths: string[] = shades.map(() => "");
  const width = 1 / columns.length;
  for (const [at, { latency }] of columns.entries()) {
    const counts = new Map<number, number>();
    for (const [ms, count] of latency.buckets()) {
      const row = Math.min(rows - 1, Math.floor(rows * y.at(ms)));
      counts.set(row, (counts.get(row) ?? 0) + count);
    }
    for (const [row, count] of counts) {
      const shade = shades.findLastIndex((share) => count / latency.count >= share);
      paths[shade] += boxPath({ left: at * width, width, low: row / rows, high: (row + 1) / rows });
    }
  }
  return paths;
}

interface QuantileLine {
  readonly y: Scale;
  readonly quantile: number;
  readonly look: string;
}

/** Interrupted where nothing was answered. */
function quantileLine(columns: readonly TimeColumn[], { y, quantile, look }: QuantileLine): Html {
  const runs: [number, number][][] = [[]];
  for (const [at, { latency }] of columns.entries()) {
    if (latency.count === 0) runs.push([]);
    else runs.at(-1)!.push([(at + 0.5) / columns.length, y.at(latency.at(quantile))]);
  }
  return html`<path class="line ${look}" d="${runs.map(linePath).join("")}" />`;
}

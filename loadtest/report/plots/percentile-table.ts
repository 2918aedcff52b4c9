import { formatMs } from "../../../display/figures.ts";
import type { HoverTable } from "../../../display/page.ts";
import { quantiles, type PercentileSeries } from "./percentile-plot.ts";

/** A row of the plot's table for so many of its points. */
const pointsPerRow = 8;

/** What a percentile plot shows, for those who read: fewer rows, from the same points. */
export function shortPercentileTable(series: readonly PercentileSeries[]): HoverTable {
  const { heads, rows } = percentileTable(series);
  return { heads, rows: rows.filter((_, at) => at % pointsPerRow === 0) };
}

/** What a percentile plot shows, as far apart as it shows it. */
export function percentileTable(series: readonly PercentileSeries[]): HoverTable {
  const calls = Math.max(1, ...series.map(({ histogram }) => histogram.count));
  return {
    heads: ["percentile", ...series.map(({ name }) => name)],
    rows: quantiles(calls).map((quantile) => [
      percentileText(quantile),
      ...series.map(({ histogram }) => valueOf({ histogram, quantile, calls })),
    ]),
  };
}

interface Place {
  readonly histogram: PercentileSeries["histogram"];
  readonly quantile: number;
  readonly calls: number;
}

/** The last row is the slowest call; a line that ends before has nothing there. */
function valueOf({ histogram, quantile, calls }: Place): string {
  if (quantile > 1 - 1 / Math.max(1, histogram.count) + 1e-12) return "–";
  const isLast = quantile >= 1 - 1 / calls - 1e-12;
  return formatMs(isLast ? histogram.maxMs : histogram.at(quantile));
}

/** With as many nines as it takes. */
function percentileText(quantile: number): string {
  const digits = Math.max(1, Math.ceil(-Math.log10(1 - quantile)));
  return `p${(100 * quantile).toFixed(digits)}`;
}

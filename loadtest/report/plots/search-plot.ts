import { formatMs, formatRate } from "../../../display/figures.ts";
import type { SearchWindow } from "../../search/search-rate.ts";
import { percentileName, type Slo } from "../../verdict/slo.ts";
import { html, type Html } from "../../../display/html.ts";
import { plot, xPercent, yPx } from "../../../display/plots/frame.ts";
import { tickMs } from "./percentile-plot.ts";
import { logScale } from "../../../display/plots/scale.ts";

const heightPx = 280;

export interface LatencyLimit {
  readonly quantile: number;
  readonly mostMs: number;
}

/** The outermost percentile that has a limit; where none has, p99 without one. */
export function outermostLimit({ objectives }: Slo): LatencyLimit {
  const limits = objectives.flatMap(({ of, limit }) =>
    of.kind === "all" && limit.measure === "latency" ? [limit] : [],
  );
  return (
    limits.toSorted((one, other) => other.quantile - one.quantile)[0] ?? {
      quantile: 0.99,
      mostMs: Infinity,
    }
  );
}

/** Each window by its rate and its latency. */
export function searchPlot(
  windows: readonly SearchWindow[],
  { quantile, mostMs }: LatencyLimit,
): Html {
  const answered = windows.filter(({ result }) => result.latency.count > 0);
  const values = answered.map(({ result }) => result.latency.at(quantile));
  const limits = Number.isFinite(mostMs) ? [mostMs] : [];
  const y = logScale(Math.min(...values, ...limits), Math.max(...values, ...limits));
  const rates = answered.map(({ perSecond }) => perSecond);
  const x = logScale(Math.min(...rates), Math.max(...rates));
  const name = percentileName(quantile);
  const allowed = limits.map((limit) => {
    const top = yPx({ heightPx }, y.at(limit));
    return html`<line class="allowed" x1="0" x2="100%" y1="${top}" y2="${top}" /><text
        class="allowed"
        x="0"
        y="${top - 5}"
        >${name} may be ${formatMs(limit)}</text
      >`;
  });
  const dots = answered.map(({ perSecond, observation, result }) => {
    const ms = result.latency.at(quantile);
    return html`<circle
      class="dot ${observation}"
      cx="${xPercent(x.at(perSecond))}"
      cy="${yPx({ heightPx }, y.at(ms))}"
      r="5"
      ><title>${formatRate(perSecond)}: ${name} ${formatMs(ms)}, ${observation}</title></circle
    >`;
  });
  return plot({
    id: "windows",
    title: `${name} of each window, by its rate`,
    description: `${answered.length} windows from ${formatRate(Math.min(...rates))} to ${formatRate(Math.max(...rates))}; the table below has each of them.`,
    heightPx,
    x: { scale: x, label: formatRate },
    y: { scale: y, label: tickMs },
    shapes: "",
    marks: [allowed, dots],
  });
}

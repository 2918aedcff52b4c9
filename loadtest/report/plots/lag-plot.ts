import { formatMs } from "../../../display/figures.ts";
import { html, type Html } from "../../../display/html.ts";
import { columnBoxes, plot, yPx } from "../../../display/plots/frame.ts";
import { tickMs } from "./percentile-plot.ts";
import { linearScale } from "../../../display/plots/scale.ts";
import { timeAxis, type TimeColumn } from "./time-columns.ts";

const heightPx = 110;
/** What the p99 of all lags may be: a run beyond it is invalid. */
const allowedMs = 5;

/** The latest call of each moment. */
export function lagPlot(columns: readonly TimeColumn[]): Html {
  const most = Math.max(allowedMs * 1.3, ...columns.map(({ lagMs }) => lagMs));
  const y = linearScale(most, 2);
  const top = yPx({ heightPx }, y.at(allowedMs));
  return plot({
    id: "lag",
    title: "How late calls left, the latest of each moment",
    description: `At most ${formatMs(Math.max(0, ...columns.map(({ lagMs }) => lagMs)))}; 5 ms are allowed at the 99th percentile.`,
    heightPx,
    x: timeAxis(columns),
    y: { scale: y, label: tickMs },
    shapes: html`<path
      class="area lag"
      d="${columnBoxes(columns.map(({ lagMs }) => [0, y.at(lagMs)]))}"
    />`,
    marks: html`<line class="allowed" x1="0" x2="100%" y1="${top}" y2="${top}" /><text
        class="allowed"
        x="100%"
        y="${top - 4}"
        text-anchor="end"
        >allowed at p99</text
      >`,
    hover: "time",
  });
}

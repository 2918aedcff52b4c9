import { html, type Html } from "../../../display/html.ts";
import { columnBoxes, plot } from "../../../display/plots/frame.ts";
import type { Scale } from "../../../display/plots/scale.ts";
import { timeAxis, type TimeColumn } from "./time-columns.ts";

const percents: Scale = { at: (share) => share, ticks: [0, 0.5, 1] };

/** Who answered, over time: the first arm at the bottom. */
export function sharePlot(columns: readonly TimeColumn[], arms: readonly string[]): Html {
  const boxes = arms.map((): [number, number][] => []);
  for (const column of columns) {
    const total = arms.reduce((sum, arm) => sum + (column.arms[arm] ?? 0), 0);
    let below = 0;
    for (const [at, arm] of arms.entries()) {
      const share = total === 0 ? 0 : (column.arms[arm] ?? 0) / total;
      boxes[at]!.push([below, below + share]);
      below += share;
    }
  }
  return plot({
    id: "arm-shares",
    title: "Share of each arm over time",
    description: `Arms from the bottom: ${arms.join(", ")}.`,
    heightPx: 120,
    x: timeAxis(columns),
    y: { scale: percents, label: (share) => `${100 * share}%` },
    shapes: boxes.map(
      (own, at) => html`<path class="area series-${at % 6}" d="${columnBoxes(own)}" />`,
    ),
    hover: "time",
  });
}

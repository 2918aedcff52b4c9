import { formatNumber } from "../../../display/figures.ts";
import { html, type Html } from "../../../display/html.ts";
import { columnBoxes, plot, stepPath } from "../../../display/plots/frame.ts";
import { linearScale } from "../../../display/plots/scale.ts";
import { timeAxis, type TimeColumn } from "./time-columns.ts";

/** Calls by when they were due: answered at the bottom, failed on top of them, and the line of what was due. */
export function throughputPlot(columns: readonly TimeColumn[]): Html {
  const most = Math.max(1, ...columns.map(({ due, ok, failed }) => Math.max(due, ok + failed)));
  const y = linearScale(most);
  const ok = columns.map((column): [number, number] => [0, y.at(column.ok)]);
  const failed = columns.map((column): [number, number] => [
    y.at(column.ok),
    y.at(column.ok + column.failed),
  ]);
  return plot({
    id: "throughput",
    title: "Calls per second",
    description: `Up to ${formatNumber(most)} calls per second; the table below has each column.`,
    heightPx: 180,
    x: timeAxis(columns),
    y: { scale: y, label: (value) => (value === 0 ? "0" : `${value.toLocaleString("en-US")}/s`) },
    shapes: [
      html`<path class="area ok" d="${columnBoxes(ok)}" />`,
      html`<path class="area failed" d="${columnBoxes(failed)}" />`,
      html`<path class="line due" d="${stepPath(columns.map(({ due }) => y.at(due)))}" />`,
    ],
    hover: "time",
  });
}

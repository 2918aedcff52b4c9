import { html, type Html } from "../../display/html.ts";
import type { HoverTable } from "../../display/page.ts";
import { linePath, plot } from "../../display/plots/frame.ts";
import { linearScale } from "../../display/plots/scale.ts";
import type { Key } from "../../display/table.ts";
import type { PartResult, Row } from "../result.ts";
import { rowsOfGroup } from "./describe.ts";
import { formatFigure } from "./figures.ts";

const heightPx = 260;
/** As many as the style has colours. */
const mostLines = 6;

interface Curve {
  readonly name: string;
  readonly look: string;
  /** For k = 1, 2, … */
  readonly shares: readonly number[];
}

export function curveKeys(part: PartResult): readonly Key[] {
  return curvesOf(part).map(({ name, look }) => ({ name, look }));
}

/** How many find their target among the first k, for every k that is counted. */
export function curvePlot(part: PartResult): Html {
  const curves = curvesOf(part);
  const most = curves[0]?.shares.length ?? 1;
  const y = linearScale(Math.max(...curves.flatMap(({ shares }) => shares)));
  const x = {
    at: (k: number) => (k - 1) / Math.max(1, most - 1),
    ticks: [1, 5, 10, 15, 20].filter((tick) => tick <= most),
  };
  return plot({
    id: `${part.key}-curve`,
    title: "Users whose target is among the first k",
    description: curves
      .map(({ name, shares }) => `${name}: ${formatFigure(shares[9] ?? Number.NaN)} at k = 10`)
      .join(", "),
    heightPx,
    x: { scale: x, label: (k) => `k = ${k}` },
    y: { scale: y, label: (share) => `${Math.round(100 * share)}%` },
    shapes: curves.map(
      ({ look, shares }) =>
        html`<path
          class="line ${look}"
          d="${linePath(shares.map((share, at) => [x.at(at + 1), y.at(share)] as const))}"
        />`,
    ),
  });
}

export function curveTable(part: PartResult): HoverTable {
  const curves = curvesOf(part);
  const points = curves[0]?.shares ?? [];
  return {
    heads: ["k", ...curves.map(({ name }) => name)],
    rows: points.map((_, at) => [
      String(at + 1),
      ...curves.map(({ shares }) => formatFigure(shares[at]!)),
    ]),
  };
}

function curvesOf(part: PartResult): readonly Curve[] {
  return rowsOfGroup(part, "all")
    .slice(0, mostLines)
    .map((row, at) => ({ name: row.who, look: `series-${at}`, shares: sharesOf(part, row) }));
}

function sharesOf({ metrics }: PartResult, { values }: Row): readonly number[] {
  return metrics.flatMap(({ isCurve }, at) => (isCurve ? [values[at]!.mean] : []));
}

import type { Difference, EvalResult, PartResult, Standing } from "../result.ts";

/** Everything that a gate may name. */
export interface GateFigure {
  readonly part: string;
  readonly figure: string;
  readonly who: string;
  readonly value: number;
}

/** Of a compared side: what it shares with the first, and by how much its metrics are another's, whatever the sign. */
export const agreementFigures = ["overlap@10", "same-top-1"] as const;
export const changeOf = (metric: string) => `change ${metric}`;
/** Of the first side: the share of cells in which it is above a baseline, by the means and by whole intervals. */
export const standingFigures = (rival: string) => [`above ${rival}`, `surely above ${rival}`];

export function gateFigures({ parts, sides, standings }: EvalResult): readonly GateFigure[] {
  const { name } = sides[0]!;
  return [
    ...standings.flatMap((standing) => shares(standing, name)),
    ...parts.flatMap((part) => [
      ...metricFigures(part, name),
      ...part.differences
        .filter(({ isBaseline, group }) => !isBaseline && group === "all")
        .flatMap((one) => changes(part, one)),
    ]),
  ];
}

function shares({ part, rival, cells, above, surelyAbove }: Standing, who: string) {
  const [all, sure] = standingFigures(rival);
  return [
    { part, who, figure: all!, value: above / cells },
    { part, who, figure: sure!, value: surelyAbove / cells },
  ];
}

function metricFigures({ key, metrics, rows }: PartResult, first: string): readonly GateFigure[] {
  const row = rows.find(
    ({ who, group, isBaseline }) => who === first && group === "all" && !isBaseline,
  );
  return metrics.flatMap(({ name, isCurve }, at) =>
    isCurve ? [] : [{ part: key, figure: name, who: first, value: row!.values[at]!.mean }],
  );
}

function changes(
  { key: part, metrics }: PartResult,
  difference: Difference,
): readonly GateFigure[] {
  const { who, values, overlapAt10, sameTop1 } = difference;
  const [overlap, same] = agreementFigures;
  return [
    { part, who, figure: overlap, value: overlapAt10?.mean ?? Number.NaN },
    { part, who, figure: same, value: sameTop1?.mean ?? Number.NaN },
    ...metrics.flatMap(({ name, isCurve }, at) =>
      isCurve ? [] : [{ part, who, figure: changeOf(name), value: Math.abs(values[at]!.mean) }],
    ),
  ];
}

import type { Difference, PartResult, Standing } from "../result.ts";

/** Smaller groups are shown, and prove nothing. */
export const fewestUsers = 10;

/** Over all parts together; a key that no part has. */
export const everyPart = "all";

/**
 * In how many cells the first side is above each baseline: a cell is a metric of a group of users. Of a handful of users
 * nothing can be said; where even chance finds nothing there is nothing to find; and where a baseline has nothing to say
 * it is no rival: none of these is a cell.
 */
export function standingsOf(parts: readonly PartResult[]): readonly Standing[] {
  const cells = parts.flatMap((part) => part.differences.flatMap((one) => cellsOf(part, one)));
  const rivals = [...new Set(cells.map(({ rival }) => rival))];
  return [everyPart, ...parts.map(({ key }) => key)].flatMap((part) =>
    rivals.map((rival) => {
      const own = cells.filter(
        (cell) => cell.rival === rival && (part === everyPart || cell.part === part),
      );
      return {
        part,
        rival,
        cells: own.length,
        above: own.filter(({ isAbove }) => isAbove).length,
        surelyAbove: own.filter(({ isSure }) => isSure).length,
        notAbove: own.filter(({ isAbove }) => !isAbove).map(({ name }) => name),
      };
    }),
  );
}

interface Cell {
  readonly part: string;
  readonly rival: string;
  /** "given5, seeds never seen, clicks" */
  readonly name: string;
  readonly isAbove: boolean;
  /** The whole interval is. */
  readonly isSure: boolean;
}

function cellsOf(part: PartResult, { who, isBaseline, group, values }: Difference): Cell[] {
  const users = part.rows.find((row) => row.group === group)?.users ?? 0;
  if (!isBaseline || users < fewestUsers) return [];
  return part.metrics.flatMap(({ name, isCurve, isLowerBetter }, at) => {
    const { mean, low, high } = values[at]!;
    if (isCurve || Number.isNaN(mean) || isHopeless(part, group, at)) return [];
    // A difference is what the rival has more.
    const isAbove = isLowerBetter ? mean > 0 : mean < 0;
    const isSure = isLowerBetter ? low > 0 : high < 0;
    const where = group === "all" ? part.key : `${part.key}, ${group}`;
    return [{ part: part.key, rival: who, name: `${where}, ${name}`, isAbove, isSure }];
  });
}

function isHopeless({ rows, metrics }: PartResult, group: string, metric: number): boolean {
  const chance = rows.find((row) => row.isBaseline && row.who === "random" && row.group === group);
  return metrics[metric]!.isLowerBetter !== true && chance?.values[metric]!.mean === 0;
}

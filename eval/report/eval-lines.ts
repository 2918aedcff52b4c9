import { textTable } from "../../display/text-table.ts";
import type { JudgedGate } from "../gates/judge-gates.ts";
import type { EvalResult, PartResult } from "../result.ts";
import {
  aheadOfPopularity,
  describeLabels,
  describeQuestion,
  describeSide,
  describeStanding,
  groupsIn,
  howItCounts,
  rowsOfGroup,
  shownMetrics,
  standingsOfAll,
} from "./describe.ts";
import { formatChange, formatEstimate, formatFigure, formatInterval } from "./figures.ts";

type Paint = (text: string) => string;

export interface LineStyle {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly careful: Paint;
  readonly bad: Paint;
}

/** For terminals: what was found, and how far to trust it. */
export function evalLines(
  result: EvalResult,
  gates: readonly JudgedGate[],
  style: LineStyle,
): readonly string[] {
  const { sides, parts, invalid, warnings, dataset } = result;
  return [
    style.bold(describeQuestion(result)),
    ...sides.flatMap((side) => [
      `${side.name}: ${describeSide(side)}`,
      style.dim(`  ${describeLabels(side)}`),
    ]),
    ...dataset.notes.map(style.dim),
    ...parts.flatMap((part) => ["", ...partLines(part, style)]),
    "",
    ...standingsOfAll(result).map((one) => `${sides[0]!.name}: ${describeStanding(one)}`),
    ...howItCounts.map(style.dim),
    ...warnings.map((warning) => style.careful(`CAREFUL: ${warning}`)),
    ...gates.map((gate) => gateLine(gate, style)),
    ...invalid.map((reason) => style.bad(`INVALID: ${reason}`)),
    ...(invalid.length > 0 ? [style.bad("INVALID: these figures prove nothing")] : []),
  ];
}

function partLines(part: PartResult, style: LineStyle): readonly string[] {
  return [
    style.bold(part.title),
    ...part.notes.map((note) => style.dim(note)),
    ...groupsIn(part).flatMap((group) => groupLines(part, group)),
    ...seedLines(part),
    ...differenceLines(part),
    ...listLines(part),
    ...(part.ties.some((ties) => ties > 0)
      ? [`targets that tied with another, and lost: ${part.ties.join(", ")}`]
      : []),
  ];
}

/** Metrics down, models across: a new metric makes it no wider. */
function groupLines(part: PartResult, group: string): readonly string[] {
  const rows = rowsOfGroup(part, group);
  const head = group === "all" ? "" : `${group} (${rows[0]?.users ?? 0})`;
  const ahead = aheadOfPopularity(part, group);
  const columns = [
    { head },
    ...rows.map(({ who }) => ({ head: who, align: "right" as const })),
    ...(ahead ? [{ head: `${rows[0]?.who} less popularity`, align: "right" as const }] : []),
  ];
  const cells = shownMetrics(part).map((metric) => [
    part.metrics[metric]!.name,
    ...rows.map(({ values, isBaseline }) =>
      isBaseline ? formatFigure(values[metric]!.mean) : formatEstimate(values[metric]!),
    ),
    ...(ahead
      ? [`${formatChange(ahead[metric]!.mean)} ${formatInterval(ahead[metric]!)}`.trim()]
      : []),
  ]);
  return ["", ...textTable(columns, cells)];
}

function seedLines({ seeds, metrics }: PartResult): readonly string[] {
  if (seeds.length === 0) return [];
  const first = metrics[0]!.name;
  const names = [...new Set(seeds.map(({ who }) => who))];
  return names.map((name) => {
    const own = seeds.filter(({ who }) => who === name);
    const said = own.map(({ seed, means }) => `seed ${seed} ${formatFigure(means[0]!)}`);
    return `${name}, ${first}: ${said.join(", ")}`;
  });
}

function differenceLines(part: PartResult): readonly string[] {
  const first = part.rows[0]?.who ?? "";
  return part.differences
    .filter(({ isBaseline, group }) => !isBaseline && group === "all")
    .flatMap(({ who, values, overlapAt10, sameTop1 }) => {
      const rows = shownMetrics(part).map((metric) => [
        part.metrics[metric]!.name,
        formatChange(values[metric]!.mean),
        formatInterval(values[metric]!),
      ]);
      const agreement = [
        ...(overlapAt10
          ? [["overlap@10", formatFigure(overlapAt10.mean), formatInterval(overlapAt10)]]
          : []),
        ...(sameTop1
          ? [["same-top-1", formatFigure(sameTop1.mean), formatInterval(sameTop1)]]
          : []),
      ];
      const head = `${who} less ${first}`;
      const columns = [{ head }, { head: "", align: "right" as const }, { head: "" }];
      return ["", ...textTable(columns, [...rows, ...agreement])];
    });
}

function listLines({ lists }: PartResult): readonly string[] {
  if (lists.length === 0) return [];
  const heads = ["lists of ten", "items", "coverage", "diversity", "log popularity", "Gini"];
  const columns = heads.map((head, at) =>
    at === 0 ? { head } : { head, align: "right" as const },
  );
  const rows = lists.map(({ who, distinct, coverage, diversity, logPopularity, gini }) => [
    who,
    String(distinct),
    ...[coverage, diversity ?? Number.NaN, logPopularity, gini].map(formatFigure),
  ]);
  return ["", ...textTable(columns, rows)];
}

function gateLine({ gate, who, value, isMet }: JudgedGate, style: LineStyle): string {
  const line = `${isMet ? "PASS" : "FAIL"} ${gate}: ${who} has ${formatFigure(value)}`;
  return isMet ? line : style.bad(line);
}

import { metrics, type Metric, type Sample } from "./metrics.ts";
import { studentT } from "./student-t.ts";

/** What both sides showed in one round, one right after the other. */
export interface Pair {
  readonly a: Sample;
  readonly b: Sample;
}

export interface Difference {
  readonly metric: Metric;
  /** Geometric means of the runs. */
  readonly a: number;
  readonly b: number;
  /** b / a, and the interval that holds the true one. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Of this interval. All intervals of a comparison hold together with 95%. */
  readonly confidence: number;
  /** b / a of each round. */
  readonly ratios: readonly number[];
  /** "same": no difference that counts. */
  readonly bIs: "same" | "better" | "worse";
}

/** Fewer rounds leave an interval that is too wide to be of use. */
export const leastRounds = 5;
/** For a false alarm, in all metrics of a comparison together. */
const alarmChance = 0.05;

/**
 * Paired t-intervals of log ratios: what changes slowly hits both runs of a round alike and cancels out. The chance
 * of a false alarm is dealt to the metrics by their weights (Bonferroni). A difference counts when its interval does not
 * hold 1 and it is above the metric's floor.
 */
export function compareSamples(pairs: readonly Pair[]): Difference[] {
  if (pairs.length < leastRounds) return [];
  const measured = metrics.filter(({ read }) =>
    pairs.every(({ a, b }) => isUsable(read(a)) && isUsable(read(b))),
  );
  const weights = measured.reduce((sum, { weight }) => sum + weight, 0);
  return measured.map((metric) =>
    differenceOf(metric, pairs, (alarmChance * metric.weight) / weights),
  );
}

function isUsable(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

function differenceOf(metric: Metric, pairs: readonly Pair[], chance: number): Difference {
  const logs = (side: "a" | "b") => pairs.map((pair) => Math.log(metric.read(pair[side])!));
  const [ofA, ofB] = [logs("a"), logs("b")];
  const differences = ofB.map((log, round) => log - ofA[round]!);
  const center = mean(differences);
  const t = studentT(1 - chance / 2, pairs.length - 1);
  const halfWidth = t * Math.sqrt(variance(differences) / pairs.length);
  const [a, b] = [Math.exp(mean(ofA)), Math.exp(mean(ofB))];
  const { share, absolute } = metric.floor;
  const isSure = Math.abs(center) > halfWidth;
  const isLarge = Math.abs(center) >= Math.log1p(share) && Math.abs(b - a) >= absolute;
  const isBetter = b < a === (metric.better === "lower");
  return {
    metric,
    a,
    b,
    ratio: Math.exp(center),
    low: Math.exp(center - halfWidth),
    high: Math.exp(center + halfWidth),
    confidence: 1 - chance,
    ratios: differences.map(Math.exp),
    bIs: !isSure || !isLarge ? "same" : isBetter ? "better" : "worse",
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

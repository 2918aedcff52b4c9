import { formatCount, formatShare } from "../../display/figures.ts";
import { describeCounts, total } from "../questions/labels.ts";
import type { EvalResult, PartResult, Row, SideFacts, Standing } from "../result.ts";
import type { Estimate } from "../statistics/bootstrap.ts";
import { everyPart, fewestUsers } from "../statistics/standings.ts";

/** "ml-1m, full: 6,040 users" */
export function describeQuestion({ dataset, protocol, isAnonymous }: EvalResult): string {
  const { name, users, allUsers, items } = dataset;
  const of = users < allUsers ? ` of ${formatCount(allUsers)}` : "";
  const who = isAnonymous ? ", all of them anonymous" : "";
  return `${name}, ${protocol}: ${formatCount(users)}${of} users${who}, ${formatCount(items)} items`;
}

export function describeSide({ model, family, variant, target, labels }: SideFacts): string {
  const versions = describeCounts(labels.versions) || model;
  const backends = Object.keys(labels.backends).join(", ");
  return `${versions} (${[family, variant, backends].filter(Boolean).join(", ")}) at ${target}`;
}

/** What the replies said of themselves. */
export function describeLabels({ labels }: SideFacts): string {
  const { calls, failed, degraded, coldStart, spilled, unknownIds, tracks } = labels;
  const named = tracks.known + tracks.matched + tracks.new;
  const share = (count: number) => `${formatCount(count)} (${formatShare(count / calls)})`;
  return [
    `${formatCount(calls)} calls`,
    `${total(failed)} failed`,
    `${total(degraded)} degraded`,
    `${coldStart === 0 ? "0" : share(coldStart)} cold`,
    `${spilled} spilled`,
    `${formatCount(unknownIds)} ids unknown to the model`,
    ...(named > 0
      ? [
          `of ${formatCount(named)} tracks by name ${formatCount(tracks.known)} known, ${formatCount(tracks.matched)} matched, ${formatCount(tracks.new)} new`,
        ]
      : []),
  ].join(", ");
}

export function shownMetrics({ metrics }: PartResult): readonly number[] {
  return metrics.flatMap(({ isCurve }, at) => (isCurve ? [] : [at]));
}

/** "all" first, in the order of the rows. */
export function groupsIn({ rows }: PartResult): readonly string[] {
  return [...new Set(rows.map(({ group }) => group))];
}

export function rowsOfGroup({ rows }: PartResult, group: string): readonly Row[] {
  return rows.filter((row) => row.group === group);
}

/** Everybody knows what is popular: what the first side has more than that, user by user. */
export function aheadOfPopularity(
  { differences }: PartResult,
  group: string,
): readonly Estimate[] | undefined {
  const values = differences.find((one) => one.who === "popularity" && one.group === group)?.values;
  return values?.map(({ mean, low, high }) => ({ mean: -mean, low: -high, high: -low }));
}

/** "above popularity in 30 of 32 cells, surely in 21; not in given25, all, clicks" */
export function describeStanding({ rival, cells, above, surelyAbove, notAbove }: Standing): string {
  const shown = notAbove.slice(0, mostExceptions).join("; ");
  const more = notAbove.length > mostExceptions ? `; and ${notAbove.length - mostExceptions}` : "";
  const exceptions = notAbove.length === 0 ? "" : `; not in ${shown}${more}`;
  return `above ${rival} in ${above} of ${cells} cells, surely in ${surelyAbove}${exceptions}`;
}

export function standingsOfAll({ standings }: EvalResult): readonly Standing[] {
  return standings.filter(({ part }) => part === everyPart);
}

const mostExceptions = 12;

export const howItCounts = [
  "Intervals hold 95% of the means of 1,000 resamples of users (percentile bootstrap, seeded).",
  "A model that gives the target another's score has lost to it; baselines are given the mean over the order of ties.",
  "Popularity and co-occurrence know the training part of the data and nothing else.",
  `A cell is a metric of a group of at least ${fewestUsers} users; above by its mean, surely when all of the interval of the paired difference is.`,
] as const;

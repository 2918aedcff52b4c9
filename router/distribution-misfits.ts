import { bucketCount } from "./bucket.ts";
import type { Arm, Distribution } from "./distribution.ts";

/** What is wrong with a distribution whose fields are each what they should be. */
export function distributionMisfits(document: Distribution): readonly string[] {
  const { arms } = document;
  return [
    ...repeated(arms, "name"),
    ...repeated(arms, "version"),
    ...wrongWeights(arms),
    ...wrongBuckets(arms),
    ...unknownArms(document),
  ];
}

function repeated(arms: readonly Arm[], key: "name" | "version"): readonly string[] {
  return arms.flatMap((arm, i) => {
    const first = arms.findIndex((other) => other[key] === arm[key]);
    return first === i ? [] : [`arms[${i}].${key}: ${arm[key]} is already that of arms[${first}]`];
  });
}

function wrongWeights(arms: readonly Arm[]): readonly string[] {
  const problems = arms.flatMap(({ weight, ranges }, i) => {
    const buckets = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    return buckets === weight
      ? []
      : [`arms[${i}].weight: is ${weight}, but its ranges have ${buckets} buckets`];
  });
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== bucketCount)
    problems.push(`arms: the weights sum to ${total}; they must sum to ${bucketCount}`);
  return problems;
}

/** Buckets that two arms claim, and those that none does. */
function wrongBuckets(arms: readonly Arm[]): readonly string[] {
  const claims = arms
    .flatMap(({ ranges }, i) =>
      ranges.map(([start, end], j) => ({ start, end, at: `arms[${i}].ranges[${j}]` })),
    )
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  const problems: string[] = [];
  let furthest = { end: 0, at: "" };
  for (const claim of claims) {
    if (claim.start > furthest.end) problems.push(gap(furthest.end, claim.start));
    if (claim.start < furthest.end) {
      const both = `[${claim.start}, ${Math.min(claim.end, furthest.end)})`;
      problems.push(`${claim.at}: the buckets ${both} are also in ${furthest.at}`);
    }
    if (claim.end > furthest.end) furthest = claim;
  }
  if (furthest.end < bucketCount) problems.push(gap(furthest.end, bucketCount));
  return problems;
}

function gap(start: number, end: number): string {
  return `arms: no arm has the buckets [${start}, ${end})`;
}

function unknownArms({ arms, killSwitch, users = {}, shadow }: Distribution): readonly string[] {
  const names = arms.map(({ name }) => name);
  const references: (readonly [at: string, arm: string])[] = Object.entries(users).map(
    ([user, arm]) => [`users.${user}`, arm],
  );
  if (killSwitch !== undefined) references.push(["killSwitch", killSwitch]);
  if (shadow !== undefined) references.push(["shadow.arm", shadow.arm]);
  return references
    .filter(([, arm]) => !names.includes(arm))
    .map(([at, arm]) => `${at}: there is no arm ${arm}; there are ${names.join(", ")}`);
}

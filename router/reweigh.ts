import { bucketCount } from "./bucket.ts";
import type { Arm, Distribution, Range } from "./distribution.ts";
import { refusal } from "./parse-distribution.ts";

/**
 * The arms with these weights, in basis points; an arm that is not named keeps its own. As few buckets as possible change
 * arms: the sum of what the growing arms gain. The stable arm gives its highest buckets and every other arm its lowest,
 * so that who came last to a canary leaves it first.
 */
export function reweigh(
  { arms }: Pick<Distribution, "arms">,
  weights: Readonly<Record<string, number>>,
): readonly Arm[] {
  const wanted = ({ name, weight }: Arm) =>
    Object.hasOwn(weights, name) ? weights[name]! : weight;
  assertWeights(arms, weights, wanted);
  let free: readonly Range[] = [];
  const shrunk = arms.map((arm, i) => {
    const surplus = Math.max(0, arm.weight - wanted(arm));
    const [low, high] = split(merged(arm.ranges), i === 0 ? arm.weight - surplus : surplus);
    const [kept, given] = i === 0 ? [low, high] : [high, low];
    free = [...free, ...given];
    return kept;
  });
  free = merged(free);
  return arms.map((arm, i) => {
    const [gained, rest] = split(free, Math.max(0, wanted(arm) - arm.weight));
    free = rest;
    return { ...arm, weight: wanted(arm), ranges: merged([...shrunk[i]!, ...gained]) };
  });
}

/** The lowest `count` buckets of the ranges, and the others. */
function split(ranges: readonly Range[], count: number): [low: Range[], high: Range[]] {
  const low: Range[] = [];
  const high: Range[] = [];
  let missing = count;
  for (const [start, end] of ranges) {
    const border = Math.min(end, start + missing);
    if (start < border) low.push([start, border]);
    if (border < end) high.push([border, end]);
    missing -= border - start;
  }
  return [low, high];
}

/** In order, and neighbours made one. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const result: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last?.[1] === start) last[1] = end;
    else result.push([start, end]);
  }
  return result;
}

function assertWeights(
  arms: readonly Arm[],
  weights: Readonly<Record<string, number>>,
  wanted: (arm: Arm) => number,
): void {
  const names = arms.map(({ name }) => name);
  const problems: string[] = [];
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name))
      problems.push(`${name}: there is no such arm; there are ${names.join(", ")}`);
    if (!Number.isInteger(weight) || weight < 0 || weight > bucketCount)
      problems.push(`${name}: must be a whole number from 0 to ${bucketCount}, got ${weight}`);
  }
  const total = arms.reduce((sum, arm) => sum + wanted(arm), 0);
  if (total !== bucketCount)
    problems.push(`the weights sum to ${total}; they must sum to ${bucketCount}`);
  if (problems.length > 0) throw refusal("the change of weights", problems);
}

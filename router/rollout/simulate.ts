import { bucketCount } from "../bucket.ts";
import type { Arm, Distribution } from "../distribution.ts";
import { reweigh } from "../reweigh.ts";
import type { ArmLoad } from "../observe/router-report.ts";
import { completeWeights } from "./complete-weights.ts";

export interface Simulation {
  readonly moves: readonly BucketMove[];
  /** Of each arm, in the document's order. */
  readonly loads: readonly LoadChange[];
}

export interface BucketMove {
  readonly from: string;
  readonly to: string;
  readonly buckets: number;
}

export interface LoadChange {
  readonly arm: string;
  readonly version: string;
  readonly rowsPerSecond: number;
  readonly rowsPerSecondAfter: number;
  /** Infinity: nothing that is ready holds the version. */
  readonly costMs: number;
  /** Of one backend's time. */
  readonly busy: number;
  readonly busyAfter: number;
}

/**
 * What other weights would do. The buckets are exact. The load is predicted: every bucket brings the same share of all
 * rows, which holds for a canary that was raised a moment ago too, and a row costs what it costs now, before the arm has more of them.
 * @param load Of all routers together.
 */
export function simulate(
  document: Distribution,
  weights: Readonly<Record<string, number>>,
  load: Readonly<Record<string, ArmLoad>>,
): Simulation {
  const arms = reweigh(document, completeWeights(document, weights));
  if (document.killSwitch !== undefined)
    return { moves: [], loads: loadsOf(document, document.arms, load) };
  return { moves: movesOf(document.arms, arms), loads: loadsOf(document, arms, load) };
}

function movesOf(before: readonly Arm[], after: readonly Arm[]): readonly BucketMove[] {
  const [from, to] = [ownersOf(before), ownersOf(after)];
  const counts = new Map<string, number>();
  from.forEach((owner, bucket) => {
    const key = `${owner} ${to[bucket]}`;
    if (owner !== to[bucket]) counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  return [...counts].map(([key, buckets]) => {
    const [one, other] = key.split(" ") as [string, string];
    return { from: one, to: other, buckets };
  });
}

/** The arm of each bucket. */
function ownersOf(arms: readonly Arm[]): readonly string[] {
  const owners = Array.from({ length: bucketCount }, () => "");
  for (const { name, ranges } of arms)
    for (const [start, end] of ranges) owners.fill(name, start, end);
  return owners;
}

function loadsOf(
  { arms }: Distribution,
  after: readonly Arm[],
  load: Readonly<Record<string, ArmLoad>>,
): readonly LoadChange[] {
  const total = arms.reduce((sum, { name }) => sum + (load[name]?.rowsPerSecond ?? 0), 0);
  return arms.map(({ name, version, weight }, i) => {
    const { rowsPerSecond = 0, costMs = Infinity } = load[name] ?? {};
    const gained = ((after[i]!.weight - weight) * total) / bucketCount;
    const rowsPerSecondAfter = Math.max(0, rowsPerSecond + gained);
    return {
      arm: name,
      version,
      rowsPerSecond,
      rowsPerSecondAfter,
      costMs,
      busy: busyWith(rowsPerSecond, costMs),
      busyAfter: busyWith(rowsPerSecondAfter, costMs),
    };
  });
}

/** Nothing is kept busy by no rows, whatever one would cost. */
function busyWith(rowsPerSecond: number, costMs: number): number {
  return rowsPerSecond === 0 ? 0 : (rowsPerSecond * costMs) / 1_000;
}

import { bucketCount } from "../bucket.ts";
import type { Distribution } from "../distribution.ts";

/**
 * Of 10,000 users that go by bucket, how many get another version. Exact while the salt stays; with another one users are
 * mixed anew, and it is how many of them may be expected to move.
 * @param before Undefined: servers chose the version, and all may move.
 */
export function movedBasisPoints(before: Distribution | undefined, after: Distribution): number {
  if (before === undefined) return bucketCount;
  const [from, to] = [versionsOf(before), versionsOf(after)];
  if (before.salt === after.salt)
    return from.filter((version, bucket) => version !== to[bucket]).length;
  const shares = countsOf(to);
  let stay = 0;
  for (const [version, count] of countsOf(from))
    stay += (count * (shares.get(version) ?? 0)) / bucketCount;
  return Math.round(bucketCount - stay);
}

/** Of each bucket. */
function versionsOf({ arms, killSwitch }: Distribution): readonly string[] {
  const only = arms.find(({ name }) => name === killSwitch);
  const versions = Array.from({ length: bucketCount }, () => only?.version ?? "");
  if (only !== undefined) return versions;
  for (const { version, ranges } of arms)
    for (const [start, end] of ranges) versions.fill(version, start, end);
  return versions;
}

function countsOf(versions: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const version of versions) counts.set(version, (counts.get(version) ?? 0) + 1);
  return counts;
}

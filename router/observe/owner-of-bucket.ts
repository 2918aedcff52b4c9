import type { Distribution } from "../distribution.ts";

/**
 * Which arm has a bucket, looked up in the document's ranges themselves: the second opinion on the table that routes.
 * @returns Its place among the arms; -1 for a bucket that none has.
 */
export function createOwnerOfBucket({
  arms,
}: Pick<Distribution, "arms">): (bucket: number) => number {
  const claims = arms
    .flatMap(({ ranges }, arm) => ranges.map(([start, end]) => ({ start, end, arm })))
    .toSorted((a, b) => a.start - b.start);
  return (bucket) => {
    let low = 0;
    let high = claims.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (claims[middle]!.end <= bucket) low = middle + 1;
      else high = middle;
    }
    const claim = claims[low];
    return claim !== undefined && claim.start <= bucket ? claim.arm : -1;
  };
}

/*
 * HdrHistogram's buckets for a unit of 1 us and three digits: whole microseconds up to 2,047, then 1,024 buckets for
 * each doubling. A bucket's index grows with its values.
 */

const halfBits = 10;
const half = 1 << halfBits;

export const lowestUs = 1;
export const highestUs = 60_000_000;
export const bucketCount = bucketOfUs(highestUs) + 1;

/** Where a time is counted; what is not a number counts as the highest, since it must not pass for a good one. */
export function bucketOf(ms: number): number {
  const us = Math.round(ms * 1_000);
  if (us < lowestUs) return lowestUs;
  return us <= highestUs ? bucketOfUs(us) : bucketCount - 1;
}

/** The middle of the bucket. */
export function msOf(bucket: number): number {
  const shift = Math.max(0, (bucket >> halfBits) - 1);
  const lowestOfBucket = (bucket - shift * half) * 2 ** shift;
  return (lowestOfBucket + (2 ** shift - 1) / 2) / 1_000;
}

function bucketOfUs(us: number): number {
  if (us < 2 * half) return us;
  const shift = 31 - Math.clz32(us) - halfBits;
  return shift * half + (us >>> shift);
}

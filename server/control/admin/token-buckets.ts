import type { Clock } from "../../../backends/clock.ts";

export interface BucketOptions {
  /** Calls that may come at once. */
  readonly burst: number;
  readonly perSecond: number;
  readonly clock: Clock;
}

/** How much each of many callers may do. */
export interface TokenBuckets {
  /** Takes one of this caller's; when there is none, how long until there is, in milliseconds. */
  take(caller: string): number | undefined;
  /** Takes more for what turned out to be dear; he may owe some, and then waits for longer. */
  charge(caller: string, count: number): void;
}

interface Bucket {
  left: number;
  atMs: number;
}

/** Of callers that have been here lately; who is forgotten begins anew. */
const maxBuckets = 10_000;

export function createTokenBuckets({ burst, perSecond, clock }: BucketOptions): TokenBuckets {
  const buckets = new Map<string, Bucket>();

  function bucketOf(caller: string): Bucket {
    const nowMs = clock.now();
    const bucket = buckets.get(caller) ?? { left: burst, atMs: nowMs };
    bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = nowMs;
    // Behind all others: the first is the one that was not here for longest.
    buckets.delete(caller);
    buckets.set(caller, bucket);
    if (buckets.size > maxBuckets) buckets.delete(buckets.keys().next().value!);
    return bucket;
  }

  return {
    take(caller) {
      const bucket = bucketOf(caller);
      if (bucket.left < 1) return Math.ceil(((1 - bucket.left) / perSecond) * 1_000);
      bucket.left -= 1;
      return undefined;
    },
    charge: (caller, count) => void (bucketOf(caller).left -= count),
  };
}

import { msOf } from "./buckets.ts";
import { encodeV2 } from "./v2-format.ts";
import type { Histogram } from "./histogram.ts";

/** Of the buckets that are not empty, ascending. */
export interface Sparse {
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
}

/** One that no longer changes. */
export function sparseHistogram({ buckets, counts }: Sparse): Histogram {
  let total = 0;
  let sumMs = 0;
  for (let at = 0; at < buckets.length; at++) {
    total += counts[at]!;
    sumMs += counts[at]! * msOf(buckets[at]!);
  }
  const valueAt = (at: number) => (buckets.length === 0 ? 0 : msOf(buckets[at]!));

  return {
    count: total,
    minMs: valueAt(0),
    maxMs: valueAt(buckets.length - 1),
    meanMs: total === 0 ? 0 : sumMs / total,
    at(share) {
      // The share of n as a product may miss a whole number by a rounding: 0.07 * 100 is above 7.
      const wanted = Math.ceil(share * total - 1e-9 * total);
      let seen = 0;
      for (let at = 0; at < buckets.length; at++) {
        seen += counts[at]!;
        if (seen >= wanted) return valueAt(at);
      }
      return valueAt(buckets.length - 1);
    },
    *buckets() {
      for (let at = 0; at < buckets.length; at++) yield [msOf(buckets[at]!), counts[at]!];
    },
    encode: () => encodeV2({ buckets, counts }),
    toJSON: () => ({ histogram: encodeV2({ buckets, counts }) }),
  };
}

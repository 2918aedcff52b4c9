import { bucketCount, bucketOf } from "./buckets.ts";
import type { Histogram, Recorder } from "./histogram.ts";
import { sparseHistogram } from "./sparse-histogram.ts";

const startCapacity = 2_048;

export function createHistogram(): Recorder {
  let counts = new Uint32Array(startCapacity);

  function grow(bucket: number): void {
    const grown = new Uint32Array(Math.min(bucketCount, Math.max(bucket + 1, 2 * counts.length)));
    grown.set(counts);
    counts = grown;
  }

  function record(ms: number, times = 1): void {
    const bucket = bucketOf(ms);
    if (bucket >= counts.length) grow(bucket);
    counts[bucket]! += times;
  }

  function snapshot(): Histogram {
    const buckets = new Uint16Array(counts.length);
    let used = 0;
    for (let bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket]! > 0) buckets[used++] = bucket;
    }
    const full = { buckets: buckets.slice(0, used), counts: new Uint32Array(used) };
    for (let at = 0; at < used; at++) full.counts[at] = counts[full.buckets[at]!]!;
    return sparseHistogram(full);
  }

  return {
    record,
    snapshot,
    add(other) {
      for (const [ms, count] of other.buckets()) record(ms, count);
    },
    clear: () => void counts.fill(0),
    get count() {
      return snapshot().count;
    },
    get minMs() {
      return snapshot().minMs;
    },
    get maxMs() {
      return snapshot().maxMs;
    },
    get meanMs() {
      return snapshot().meanMs;
    },
    at: (share) => snapshot().at(share),
    buckets: () => snapshot().buckets(),
    encode: () => snapshot().encode(),
    toJSON: () => snapshot().toJSON(),
  };
}

/** Exactly what one histogram that saw all of them would hold. */
export function joinHistograms(parts: Iterable<Histogram>): Histogram {
  const joined = createHistogram();
  for (const part of parts) joined.add(part);
  return joined.snapshot();
}

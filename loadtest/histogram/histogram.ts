/**
 * Counts of values from 1 us to 60 s, each off by at most 0.05% or 0.5 us: HdrHistogram with three digits. Values
 * outside are counted at the border. All times are milliseconds.
 */
export interface Histogram {
  readonly count: number;
  /** 0 when there are none, like `maxMs` and `meanMs`. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly meanMs: number;
  /** The smallest value that at least `share` of all are not above; 0 when there are none. */
  at(share: number): number;
  /** Pairs of a value and its count, ascending; none with count 0. */
  buckets(): Iterable<readonly [ms: number, count: number]>;
  /** Small text, which other tools of HdrHistogram read too (V2, compressed); `readHistogram` takes it back. */
  encode(): string;
  /** So that whatever holds histograms can be written by JSON.stringify; `reviveHistograms` takes them back. */
  toJSON(): { readonly histogram: string };
}

/** A histogram that grows. Recording allocates nothing once the largest value was seen. */
export interface Recorder extends Histogram {
  record(ms: number, times?: number): void;
  add(other: Histogram): void;
  clear(): void;
  /** As it is now, in as much memory as it has different values. */
  snapshot(): Histogram;
}

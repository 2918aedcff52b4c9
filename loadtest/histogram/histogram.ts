/**
 * Counts of values from 1 us to 60 s, each off by at most 0.05%: HdrHistogram with three digits. Values outside are
 * counted at the border. All times are milliseconds.
 */
export interface Histogram {
  readonly count: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly meanMs: number;
  record(ms: number, times?: number): void;
  /** The value that `share` of all are not above; 0 when there are none. */
  at(share: number): number;
  add(other: Histogram): void;
  /** Pairs of a value and its count, ascending. */
  buckets(): Iterable<readonly [ms: number, count: number]>;
  /** Small; `readHistogram` takes it back. */
  encode(): string;
}

export interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

export function latenciesOf(ms: readonly number[]): Latencies {
  const sorted = Float64Array.from(ms).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Times of independent arrivals, at so many per ms on average. */
export function* poissonArrivals(perMs: number, share: () => number): Generator<number> {
  let timeMs = 0;
  for (;;) {
    timeMs -= Math.log(1 - share()) / perMs;
    yield timeMs;
  }
}

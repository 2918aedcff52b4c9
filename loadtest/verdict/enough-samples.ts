/** This many must lie on either side of a percentile, or a few calls more or less would move it far. */
const leastBeyond = 10;

/** Calls from which a percentile is judged: p50 needs 20, p99 1,000, p99.9 10,000. */
export function enoughSamples(quantile: number): number {
  const beyond = Math.min(quantile, 1 - quantile);
  return Math.ceil(Number((leastBeyond / beyond).toPrecision(12)));
}

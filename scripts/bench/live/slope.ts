export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

export interface Slope {
  readonly perSecond: number;
  /** Its standard error. */
  readonly error: number;
}

/**
 * Of the line with the least squares through the means of windows: memory goes up and down with every collection, so that samples
 * beside each other are no evidence of their own.
 */
export function slopeOf(samples: readonly Sample[], windowMs: number): Slope {
  const points = windowMeans(samples, windowMs);
  const n = points.length;
  if (n < 3) return { perSecond: 0, error: Infinity };
  const meanAt = meanOf(points.map(({ atMs }) => atMs));
  const mean = meanOf(points.map(({ value }) => value));
  let covariance = 0;
  let variance = 0;
  for (const { atMs, value } of points) {
    covariance += (atMs - meanAt) * (value - mean);
    variance += (atMs - meanAt) ** 2;
  }
  const perMs = covariance / variance;
  let residuals = 0;
  for (const { atMs, value } of points) residuals += (value - mean - perMs * (atMs - meanAt)) ** 2;
  const error = Math.sqrt(residuals / (n - 2) / variance);
  return { perSecond: 1_000 * perMs, error: 1_000 * error };
}

function windowMeans(samples: readonly Sample[], windowMs: number): Sample[] {
  const windows = new Map<number, Sample[]>();
  for (const sample of samples) {
    const window = Math.floor(sample.atMs / windowMs);
    windows.set(window, [...(windows.get(window) ?? []), sample]);
  }
  return Array.from(windows.values(), (own) => ({
    atMs: meanOf(own.map(({ atMs }) => atMs)),
    value: meanOf(own.map(({ value }) => value)),
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

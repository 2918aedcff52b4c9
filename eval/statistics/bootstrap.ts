import { Random } from "../../models/random.ts";

/** A mean, and the interval that 95% of the means of resampled users fall into. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** By user; NaN where a user has no such value. */
export type Column = Float64Array;

const resamples = 1_000;
const outside = 0.025;

/**
 * Percentile bootstrap over users: each resample draws as many users as there are, with replacement, the same for all
 * columns. Of no user the mean is NaN.
 */
export function bootstrap(columns: readonly Column[], seed: number): readonly Estimate[] {
  const users = columns[0]?.length ?? 0;
  const random = new Random(seed, 1);
  const drawn = new Uint16Array(users);
  const means = columns.map(() => new Float64Array(resamples));
  for (let turn = 0; turn < resamples; turn++) {
    drawn.fill(0);
    for (let i = 0; i < users; i++) drawn[random.below(users)]! += 1;
    for (const [at, column] of columns.entries()) means[at]![turn] = weightedMean(column, drawn);
  }
  const once = new Uint16Array(users).fill(1);
  return columns.map((column, at) => {
    const sorted = means[at]!.filter((mean) => !Number.isNaN(mean)).sort();
    const mean = weightedMean(column, once);
    return { mean, low: quantile(sorted, outside), high: quantile(sorted, 1 - outside) };
  });
}

function weightedMean(column: Column, weights: Uint16Array): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (Number.isNaN(value)) continue;
    sum += weights[i]! * value;
    weight += weights[i]!;
  }
  return weight === 0 ? Number.NaN : sum / weight;
}

function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

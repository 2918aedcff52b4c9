import { gaussians } from "../gaussians.ts";
import type { Random } from "../random.ts";
import type { TwoTowerShape, TwoTowerWeights } from "./weights.ts";

export interface RandomWeightsOptions extends TwoTowerShape {
  /** The longest item vector is this many times as long as the shortest. Default: chance alone decides. */
  readonly normSpan?: number;
}

/**
 * Vectors without any structure: of all weights those whose scores lie closest together, and so the hardest to quantize. For tests and
 * benchmarks.
 */
export function randomWeights(options: RandomWeightsOptions, random: Random): TwoTowerWeights {
  const { users, items, dims, normSpan = 1 } = options;
  const itemVectors = gaussians(items * dims, random);
  if (normSpan !== 1) {
    for (let item = 0; item < items; item++) {
      scaleRow(itemVectors.subarray(item * dims, (item + 1) * dims), normSpan ** random.share());
    }
  }
  return { users, items, dims, userVectors: gaussians(users * dims, random), itemVectors };
}

function scaleRow(row: Float32Array, norm: number): void {
  const factor = norm / Math.hypot(...row);
  for (let i = 0; i < row.length; i++) row[i]! *= factor;
}

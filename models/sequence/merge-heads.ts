import { widthOf } from "./shape.ts";
import type { BlockWeights, SequenceWeights } from "./weights.ts";

/**
 * Attention without keys and values. A score q·(K a) is (Kᵀ q)·a: the query is brought to where the positions `a` are, once, instead
 * of every position to where the query is. In the same way V comes after the sum over positions, where it meets the output matrix.
 * Both products of matrices are known beforehand.
 *
 * Done in float64, for the products to be as exact as what they stand for.
 */

type Heads = Pick<SequenceWeights, "heads" | "itemDims" | "userDims" | "embeddingScale">;

export interface MergedQuery {
  /** [width, heads x width] */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** From a position to its queries, one for each head. */
export function mergedQuery(shape: Heads, { query, key }: BlockWeights): MergedQuery {
  const { width, headWidth, all } = sizesOf(shape);
  const weight = new Float64Array(width * all);
  const bias = new Float64Array(all);
  const scale = 1 / Math.sqrt(headWidth);
  for (let row = 0; row < width; row++) {
    const head = Math.floor(row / headWidth);
    for (let to = 0; to < width; to++) {
      const k = key.weight[row * width + to]! * scale;
      const at = head * width + to;
      bias[at]! += query.bias[row]! * k;
      for (let from = 0; from < width; from++)
        weight[from * all + at]! += query.weight[row * width + from]! * k;
    }
  }
  return { weight, bias };
}

/** From what each head gathered to the output, [heads x width, width]. */
export function mergedOutput(shape: Heads, { value, output }: BlockWeights): Float64Array {
  const { width, headWidth, all } = sizesOf(shape);
  const weight = new Float64Array(all * width);
  for (let row = 0; row < width; row++) {
    const head = Math.floor(row / headWidth);
    for (let from = 0; from < width; from++) {
      const v = value.weight[row * width + from]! / shape.embeddingScale;
      const at = (head * width + from) * width;
      for (let to = 0; to < width; to++) weight[at + to]! += output.weight[to * width + row]! * v;
    }
  }
  return weight;
}

/** The output's, with what the values' becomes behind it. */
export function outputBias(shape: Heads, { value, output }: BlockWeights): Float64Array {
  const { width } = sizesOf(shape);
  return Float64Array.from(output.bias, (own, to) => {
    let sum = own;
    for (let row = 0; row < width; row++)
      sum += output.weight[to * width + row]! * value.bias[row]!;
    return sum / shape.embeddingScale;
  });
}

function sizesOf(shape: Heads) {
  const width = widthOf(shape);
  return { width, headWidth: width / shape.heads, all: shape.heads * width };
}

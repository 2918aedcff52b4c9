import { gaussians } from "../gaussians.ts";
import type { Random } from "../random.ts";
import type { Affine } from "../ranking/affine.ts";
import { widthOf, type SequenceShape } from "./shape.ts";
import type { BlockWeights, SequenceWeights } from "./weights.ts";

/** Weights of the sizes that training gives them, without any structure. For tests and benchmarks. */
export function randomWeights(shape: SequenceShape, random: Random): SequenceWeights {
  const { items, users, itemDims, userDims, maxLength, hidden, blocks } = shape;
  const width = widthOf(shape);
  const scaled = (count: number, deviation: number) =>
    gaussians(count, random).map((value) => value * deviation);
  const linear = (from: number, to: number): Affine => ({
    weight: scaled(from * to, 1 / Math.sqrt(from)),
    bias: scaled(to, 0.1),
  });
  const norm = (): Affine => ({
    weight: scaled(width, 0.1).map((value) => 1 + value),
    bias: scaled(width, 0.1),
  });
  const layer = (): BlockWeights => ({
    attentionNorm: norm(),
    query: linear(width, width),
    key: linear(width, width),
    value: linear(width, width),
    output: linear(width, width),
    feedNorm: norm(),
    feedIn: linear(width, hidden),
    feedOut: linear(hidden, width),
  });
  // With the embedding scale, an item weighs as much as a block adds.
  const table = (rows: number, dims: number) => scaled(rows * dims, 1 / shape.embeddingScale);
  return {
    ...shape,
    itemVectors: table(items, itemDims),
    userVectors: table(users, userDims),
    positions: scaled(maxLength * width, 0.3),
    layers: Array.from({ length: blocks }, layer),
    finalNorm: norm(),
  };
}

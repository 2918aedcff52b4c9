import { gaussians } from "../gaussians.ts";
import type { Random } from "../random.ts";
import type { Affine } from "../ranking/affine.ts";
import { textDimsOf, type ColdStartShape } from "./shape.ts";
import type { ColdStartWeights } from "./weights.ts";

/** Weights of the sizes that training gives them, without any structure. For tests and benchmarks. */
export function randomWeights(shape: ColdStartShape, random: Random): ColdStartWeights {
  const { items, dims, text, hidden, headHidden } = shape;
  const scaled = (count: number, deviation: number) =>
    gaussians(count, random).map((value) => value * deviation);
  const linear = (from: number, to: number): Affine => ({
    weight: scaled(from * to, 1 / Math.sqrt(from)),
    bias: scaled(to, 0.1),
  });
  return {
    ...shape,
    itemVectors: gaussians(items * dims, random),
    gramVectors:
      text.kind === "grams" ? gaussians(text.buckets * text.dims, random) : new Float32Array(),
    projectorIn: linear(textDimsOf(text), hidden),
    projectorOut: linear(hidden, dims),
    headIn: linear(dims, headHidden),
    headOut: linear(headHidden, dims),
  };
}

import type { GraphBuilder, Value } from "./build-graph.ts";
import { codeOf } from "./element-type.ts";
import type { ElementType } from "./graph.ts";

/** ONNX operators by what they are used for: their attributes and their optional inputs, said once. */

export function cast(graph: GraphBuilder, value: Value, to: ElementType): Value {
  return graph.node("Cast", [value], { attributes: { to: codeOf(to) } });
}

/** Size of one axis, int64 [1]. */
export function sizeOf(graph: GraphBuilder, value: Value, axis: number): Value {
  return graph.node("Shape", [value], { attributes: { start: axis, end: axis + 1 } });
}

export function addAxis(graph: GraphBuilder, value: Value, axis: number): Value {
  return graph.node("Unsqueeze", [value, graph.int64([axis])]);
}

export function dropAxis(graph: GraphBuilder, value: Value, axis: number): Value {
  return graph.node("Squeeze", [value, graph.int64([axis])]);
}

/** The same value where it always was, under a name of its own: for outputs. */
export function rename(graph: GraphBuilder, value: Value, name: string): Value {
  return graph.node("Identity", [value], { outputs: [name] });
}

/**
 * Over one axis, which stays, with size 1. Count it from the front: onnxruntime 1.30 leaves an empty axis in place, without an
 * error, when it is counted from the back.
 */
export function reduce(
  graph: GraphBuilder,
  op: "ReduceMax" | "ReduceSum",
  { value, axis }: { readonly value: Value; readonly axis: number },
): Value {
  return graph.node(op, [value, graph.int64([axis])]);
}

export interface Top {
  readonly values: Value;
  /** int64. */
  readonly indices: Value;
}

/**
 * The `k` (int64 [1]) greatest of the last axis, in order; of equal values the one that stands first comes first.
 * With `largest: false` the smallest: for sorting.
 */
export function topK(
  graph: GraphBuilder,
  value: Value,
  options: { readonly k: Value; readonly largest?: boolean },
): Top {
  const largest = (options.largest ?? true) ? 1 : 0;
  const [values, indices] = graph.several("TopK", [value, options.k], {
    attributes: { largest },
    outputs: 2,
  });
  return { values: values!, indices: indices! };
}

/** Per row, the elements of `data` at `indices`. */
export function pick(graph: GraphBuilder, data: Value, indices: Value): Value {
  return graph.node("GatherElements", [data, indices], { attributes: { axis: 1 } });
}

/**
 * The sum of vectors [..., n, dims] by their weights [..., n]: [..., dims]; zeros where n is 0. A product: what ReduceSum adds up, it adds in
 * another order for one row alone than for several.
 * @param rank Of the vectors.
 */
export function weightedSum(
  graph: GraphBuilder,
  vectors: Value,
  { weights, rank }: { readonly weights: Value; readonly rank: number },
): Value {
  const axis = rank - 2;
  return dropAxis(graph, graph.node("MatMul", [addAxis(graph, weights, axis), vectors]), axis);
}

/**
 * The dot product of each row's vectors [B, n, dims] with its own vector [B, dims]: [B, n]. Equal vectors give equal bits where n
 * is a multiple of 4; onnxruntime computes a remainder in another way.
 *
 * The vectors stand on the right, turned: the runtime turns them within the product, and its threads cut what stands there at
 * multiples of 16 only. On the left it cuts anywhere, elsewhere for one row than for several, and each cut leaves a remainder.
 *
 * Of vectors without dimensions the result is whatever memory held: turned within the product, the runtime does not clear it.
 */
export function dot(graph: GraphBuilder, rows: Value, vectors: Value): Value {
  const turned = graph.node("Transpose", [rows], { attributes: { perm: [0, 2, 1] } });
  return dropAxis(graph, graph.node("MatMul", [addAxis(graph, vectors, 1), turned]), 1);
}

import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { SequenceShape } from "../shape.ts";

export interface Layer {
  readonly weight: Value;
  readonly bias: Value;
}

/** [rows, in] x [in, out] + bias */
export function gemm(graph: GraphBuilder, rows: Value, { weight, bias }: Layer): Value {
  return graph.node("Gemm", [rows, weight, bias]);
}

export function layerNorm(
  graph: GraphBuilder,
  rows: Value,
  { shape, weight, bias }: Layer & { readonly shape: SequenceShape },
): Value {
  // The graph computes with everything divided by the embedding scale; its square is in the variance.
  const epsilon = { float: shape.layerNormEpsilon / shape.embeddingScale ** 2 };
  return graph.node("LayerNormalization", [rows, weight, bias], { attributes: { epsilon } });
}

/** The transpose of the last two of three axes. */
export function swapLast(graph: GraphBuilder, value: Value): Value {
  return graph.node("Transpose", [value], { attributes: { perm: [0, 2, 1] } });
}

/** Of one axis, from `start` up to and without `end`, int64 [1] both. */
export function slice(
  graph: GraphBuilder,
  value: Value,
  { axis, start, end }: { readonly axis: number; readonly start: Value; readonly end: Value },
): Value {
  return graph.node("Slice", [value, start, end, graph.int64([axis])]);
}

/**
 * The runtime adds so many terms in one go, however it cuts a product between threads. A longer sum it cuts by how many columns a
 * thread got, and with several threads that depends on the batch.
 */
const longestSum = 128;

export interface ProductOptions {
  /** Of both factors; their last two axes are multiplied. */
  readonly rank: 3 | 4;
  /** Of each sum; int64 [1] where it is known at run time only. */
  readonly terms: Value | number;
  /** The most that there can be. Default: `terms`. */
  readonly mostTerms?: number;
}

/** [..., m, terms] x [..., terms, n], in which nothing of a row depends on the batch. */
export function product(
  graph: GraphBuilder,
  [left, right]: readonly [Value, Value],
  { rank, terms, mostTerms = Number(terms) }: ProductOptions,
): Value {
  const count = Math.ceil(mostTerms / longestSum);
  if (count === 1) return graph.node("MatMul", [left, right]);
  const edges = edgesOf(graph, typeof terms === "number" ? graph.int64([terms]) : terms, count);
  const parts = Array.from({ length: count }, (_, i) => {
    const part = { start: edges[i]!, end: edges[i + 1]! };
    return graph.node("MatMul", [
      slice(graph, left, { axis: rank - 1, ...part }),
      slice(graph, right, { axis: rank - 2, ...part }),
    ]);
  });
  return parts.reduce((sum, part) => graph.node("Add", [sum, part]));
}

/** Where `count` nearly equal parts of a length begin and end, int64 [1] each; of a very short one some are empty. */
export function edgesOf(graph: GraphBuilder, length: Value, count: number): readonly Value[] {
  return Array.from({ length: count + 1 }, (_, part) => {
    if (part === 0) return graph.int64([0]);
    if (part === count) return length;
    const shares = graph.node("Mul", [length, graph.int64([part])]);
    return graph.node("Div", [shares, graph.int64([count])]);
  });
}

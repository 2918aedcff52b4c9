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

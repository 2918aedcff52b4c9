import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { blockName } from "../body.ts";
import { widthOf } from "../shape.ts";
import type { BlockContext } from "./blocks.ts";
import { causalAttention, upTo } from "./causal-attention.ts";
import { gemm, swapLast } from "./layers.ts";

/** One head, whose queries are brought to the positions and whose values are output already (`merge-heads.ts`): [B x L, width] both. */
export function mergedAttention(graph: GraphBuilder, context: BlockContext, seen: Value): Value {
  const { shape, body, block, masks, threeDims } = context;
  const at = (name: string) => body(blockName(block, name));
  const inThreeDims = (value: Value) => graph.node("Reshape", [value, threeDims]);
  const queries = gemm(graph, seen, {
    weight: at("query_key.weight"),
    bias: at("query_key.bias"),
  });
  const outputs = gemm(graph, seen, { weight: at("value_output.weight"), bias: at("output.bias") });
  const attended = causalAttention(graph, {
    queries: inThreeDims(queries),
    // Sliced before it is turned, so that the runtime turns it within the product.
    turnedKeys: (end) => swapLast(graph, upTo(graph, inThreeDims(seen), { axis: 1, end })),
    values: inThreeDims(outputs),
    severalHeads: false,
    headWidth: widthOf(shape),
    masks,
  });
  return graph.node("Reshape", [attended, graph.int64([-1, widthOf(shape)])]);
}

/** Several heads side by side, each with keys and values of its own: [B x L, width] both. */
export function separateAttention(graph: GraphBuilder, context: BlockContext, seen: Value): Value {
  const { shape, body, block, masks } = context;
  const at = (name: string) => body(blockName(block, name));
  const heads = splitHeads(graph, context);
  const queries = gemm(graph, seen, { weight: at("query.weight"), bias: at("query.bias") });
  const keys = heads(graph.node("MatMul", [seen, at("key.weight")]), [0, 2, 3, 1]);
  const attended = causalAttention(graph, {
    queries: heads(queries, asRows),
    turnedKeys: (end) => upTo(graph, keys, { axis: 3, end }),
    values: heads(graph.node("MatMul", [seen, at("value.weight")]), asRows),
    severalHeads: true,
    headWidth: widthOf(shape) / shape.heads,
    masks,
  });
  const sideBySide = graph.node("Reshape", [
    graph.node("Transpose", [attended], { attributes: { perm: asRows } }),
    graph.int64([-1, widthOf(shape)]),
  ]);
  return gemm(graph, sideBySide, { weight: at("output.weight"), bias: at("output.bias") });
}

/** Heads before positions; it is its own way back. */
const asRows = [0, 2, 1, 3];

/** [B x L, width] to [B, L, heads, width of a head], its axes in another order. */
function splitHeads(graph: GraphBuilder, { shape, threeDims }: BlockContext) {
  const headWidth = widthOf(shape) / shape.heads;
  const batchAndLength = graph.node("Slice", [threeDims, graph.int64([0]), graph.int64([2])]);
  const dims = graph.node("Concat", [batchAndLength, graph.int64([shape.heads, headWidth])], {
    attributes: { axis: 0 },
  });
  return (value: Value, perm: readonly number[]) =>
    graph.node("Transpose", [graph.node("Reshape", [value, dims])], { attributes: { perm } });
}

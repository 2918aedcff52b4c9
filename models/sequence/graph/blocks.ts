import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { blockName, isMerged } from "../body.ts";
import { widthOf, type SequenceShape } from "../shape.ts";
import { mergedAttention, separateAttention } from "./attention.ts";
import type { BodyWeights } from "../../ranking/graph/body-weights.ts";
import { gemm, layerNorm, product, swapLast } from "./layers.ts";
import type { Masks } from "./masks.ts";

export interface BlockContext {
  readonly shape: SequenceShape;
  readonly body: BodyWeights;
  readonly block: number;
  readonly masks: Masks;
  /** L, int64 [1] */
  readonly length: Value;
  /** B, L, and the width, int64 [3]. */
  readonly threeDims: Value;
}

/** One block over all positions: [B x L, width] both. */
export function wholeBlock(graph: GraphBuilder, context: BlockContext, positions: Value): Value {
  const { shape, block } = context;
  const seen = norm(graph, context, { positions, name: "attention_norm" });
  const attention = isMerged(shape, block) ? mergedAttention : separateAttention;
  const attended = graph.node("Add", [positions, attention(graph, context, seen)]);
  return feedForward(graph, context, attended);
}

/** The last block, of which only the last position is needed: [B, width] of [B x L, width]. */
export function lastBlock(graph: GraphBuilder, context: BlockContext, positions: Value): Value {
  const { shape, body, block, masks, length, threeDims } = context;
  const width = widthOf(shape);
  const at = (name: string) => body(blockName(block, name));
  const inThreeDims = (value: Value) => graph.node("Reshape", [value, threeDims]);
  const lastOf = (value: Value) =>
    graph.node("Gather", [value, graph.int64(-1)], { attributes: { axis: 1 } });

  const seen = inThreeDims(norm(graph, context, { positions, name: "attention_norm" }));
  const queries = gemm(graph, lastOf(seen), {
    weight: at("query_key.weight"),
    bias: at("query_key.bias"),
  });
  const ofHeads = graph.node("Reshape", [queries, graph.int64([-1, shape.heads, width])]);
  const scores = graph.node("Add", [
    product(graph, [ofHeads, swapLast(graph, seen)], {
      rank: 3,
      terms: width,
    }),
    masks.ofLast,
  ]);
  const gathered = product(graph, [graph.node("Softmax", [scores]), seen], {
    rank: 3,
    terms: length,
    mostTerms: shape.maxLength,
  });
  const ofRow = graph.node("Reshape", [gathered, graph.int64([-1, shape.heads * width])]);
  const attention = gemm(graph, ofRow, {
    weight: at("value_output.weight"),
    bias: at("output.bias"),
  });
  const attended = graph.node("Add", [lastOf(inThreeDims(positions)), attention]);
  return feedForward(graph, context, attended);
}

function norm(
  graph: GraphBuilder,
  { shape, body, block }: BlockContext,
  { positions, name }: { readonly positions: Value; readonly name: string },
): Value {
  const at = (part: string) => body(blockName(block, `${name}.${part}`));
  return layerNorm(graph, positions, { shape, weight: at("weight"), bias: at("bias") });
}

function feedForward(graph: GraphBuilder, context: BlockContext, positions: Value): Value {
  const { shape, body, block } = context;
  const layer = (name: string) => ({
    weight: body(blockName(block, `${name}.weight`)),
    bias: body(blockName(block, `${name}.bias`)),
  });
  const normal = norm(graph, context, { positions, name: "feed_norm" });
  const inside = gemm(graph, normal, layer("feed_in"));
  const active =
    shape.activation === "relu"
      ? graph.node("Relu", [inside])
      : graph.node("Gelu", [inside], { domain: "com.microsoft" });
  return graph.node("Add", [positions, gemm(graph, active, layer("feed_out"))]);
}

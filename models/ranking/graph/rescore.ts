import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, dot, pick, sizeOf, topK } from "../../onnx/operators.ts";
import type { Ranked, Ranking } from "./rank-catalogue.ts";

/** How many items are to be rescored, int64 [1]. */
export function survivorsWanted(
  graph: GraphBuilder,
  { k, shape }: Ranking,
  survivorsPerResult: number,
): Value {
  return atMost(graph, graph.node("Mul", [k, graph.int64(survivorsPerResult)]), shape.items);
}

/**
 * Survivors of rough scores ranked by exact ones. Of equal scores the lower item comes first, wherever the rough ones had put it.
 * @param survivors int64 [B, n], in any order
 */
export function rescore(graph: GraphBuilder, ranking: Ranking, survivors: Value): Ranked {
  const { vectorsOf, vectors, k, shape } = ranking;
  const items = ascending(graph, survivors);
  const scores = dot(graph, vectorsOf(graph, items), vectors);
  const best = topK(graph, scores, { k: atMost(graph, k, shape.items) });
  return { ids: cast(graph, pick(graph, items, best.indices), "int32"), scores: best.values };
}

/** Each row of [B, n] sorted. */
export function ascending(graph: GraphBuilder, values: Value): Value {
  return topK(graph, values, { k: sizeOf(graph, values, 1), largest: false }).values;
}

export function atMost(graph: GraphBuilder, k: Value, limit: number): Value {
  return graph.node("Min", [k, graph.int64([limit])]);
}

import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { dot, pick, topK } from "../../onnx/operators.ts";
import type { Ranked, Ranking } from "./rank-catalogue.ts";

export interface CandidateRanking extends Ranking {
  /** int32 [B, C] */
  readonly candidates: Value;
  /** C, int64 [1] */
  readonly count: Value;
}

/** Each row's own candidates, in float32: reading so few vectors costs less than what int8 would save. */
export function rankCandidates(
  graph: GraphBuilder,
  { shape, vectorsOf, vectors, k, candidates, count }: CandidateRanking,
): Ranked {
  const isPadding = graph.node("Equal", [candidates, graph.int32(shape.items)]);
  const dots = dot(graph, vectorsOf(graph, candidates), vectors);
  const scores = graph.node("Where", [isPadding, graph.float32(-Infinity), dots]);
  const best = topK(graph, scores, { k: graph.node("Min", [k, count]) });
  const ids = graph.node("Where", [isPadding, graph.int32(-1), candidates]);
  return { ids: pick(graph, ids, best.indices), scores: best.values };
}

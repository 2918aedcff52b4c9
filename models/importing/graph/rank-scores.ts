import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, pick, topK } from "../../onnx/operators.ts";
import { endWithEither } from "../../ranking/graph/rank-either.ts";

export interface ScoreRanking {
  /** float32 [B, items] */
  readonly scores: Value;
  readonly items: number;
  /** int32 [B, C]; C = 0: the whole catalogue. */
  readonly candidates: Value;
  /** int64 [1] */
  readonly k: Value;
}

/** As `rankEither`, where scores come from somewhere that cannot be looked into: all of them are there, whoever is asked for. */
export function rankScores(graph: GraphBuilder, ranking: ScoreRanking): void {
  const { scores, items, candidates, k } = ranking;
  endWithEither(graph, candidates, {
    ofCandidates(inner, count) {
      const isPadding = inner.node("Equal", [candidates, inner.int32(items)]);
      const known = inner.node("Where", [isPadding, inner.int32(0), candidates]);
      const own = pick(inner, scores, known);
      const all = inner.node("Where", [isPadding, inner.float32(-Infinity), own]);
      const best = topK(inner, all, { k: inner.node("Min", [k, count]) });
      const ids = inner.node("Where", [isPadding, inner.int32(-1), candidates]);
      return { ids: pick(inner, ids, best.indices), scores: best.values };
    },
    ofCatalogue(inner) {
      const most = inner.node("Min", [k, inner.int64([items])]);
      const best = topK(inner, scores, { k: most });
      return { ids: cast(inner, best.indices, "int32"), scores: best.values };
    },
  });
}

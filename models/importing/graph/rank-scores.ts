import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { cast, dropAxis, pick, rename, sizeOf, topK } from "../../onnx/operators.ts";
import type { Ranked } from "../../ranking/graph/rank-catalogue.ts";

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
  const count = sizeOf(graph, candidates, 1);
  graph.several("If", [graph.node("Greater", [dropAxis(graph, count, 0), graph.int64(0)])], {
    attributes: {
      then_branch: branch(graph, "candidates", (inner) => {
        const isPadding = inner.node("Equal", [candidates, inner.int32(items)]);
        const known = inner.node("Where", [isPadding, inner.int32(0), candidates]);
        const own = pick(inner, scores, known);
        const all = inner.node("Where", [isPadding, inner.float32(-Infinity), own]);
        const best = topK(inner, all, { k: inner.node("Min", [k, count]) });
        const ids = inner.node("Where", [isPadding, inner.int32(-1), candidates]);
        return { ids: pick(inner, ids, best.indices), scores: best.values };
      }),
      else_branch: branch(graph, "catalogue", (inner) => {
        const most = inner.node("Min", [k, inner.int64([items])]);
        const best = topK(inner, scores, { k: most });
        return { ids: cast(inner, best.indices, "int32"), scores: best.values };
      }),
    },
    outputs: ["ids", "scores"],
  });
  graph.output("ids", "int32", ["batch", "results"]);
  graph.output("scores", "float32", ["batch", "results"]);
}

function branch(graph: GraphBuilder, name: string, rank: (inner: GraphBuilder) => Ranked): Graph {
  return graph.branch(name, (inner) => {
    const { ids, scores } = rank(inner);
    inner.output(rename(inner, ids, `${name}_ids`), "int32", ["batch", "results"]);
    inner.output(rename(inner, scores, `${name}_scores`), "float32", ["batch", "results"]);
  });
}

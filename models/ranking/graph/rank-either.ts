import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { dropAxis, rename, sizeOf } from "../../onnx/operators.ts";
import { rankCandidates } from "./rank-candidates.ts";
import type { RankCatalogue, Ranked, Ranking } from "./rank-catalogue.ts";

export interface EitherRanking extends Ranking {
  /** int32 [B, C]; C = 0: the whole catalogue. */
  readonly candidates: Value;
  readonly rankCatalogue: RankCatalogue;
}

/** Ends a graph with its outputs `ids` and `scores`: of each row's candidates or, where there are none, of the whole catalogue. */
export function rankEither(graph: GraphBuilder, ranking: EitherRanking): void {
  const { candidates, rankCatalogue } = ranking;
  endWithEither(graph, candidates, {
    ofCandidates: (inner, count) => rankCandidates(inner, { ...ranking, count }),
    ofCatalogue: (inner) => rankCatalogue(inner, ranking),
  });
}

export interface WaysToRank {
  /** @param count Of candidates, int64 [1]. */
  ofCandidates(inner: GraphBuilder, count: Value): Ranked;
  ofCatalogue(inner: GraphBuilder): Ranked;
}

/** As `rankEither`, with ways of the caller's own. */
export function endWithEither(graph: GraphBuilder, candidates: Value, ways: WaysToRank): void {
  const count = sizeOf(graph, candidates, 1);
  graph.several("If", [graph.node("Greater", [dropAxis(graph, count, 0), graph.int64(0)])], {
    attributes: {
      then_branch: branch(graph, "candidates", (inner) => ways.ofCandidates(inner, count)),
      else_branch: branch(graph, "catalogue", (inner) => ways.ofCatalogue(inner)),
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

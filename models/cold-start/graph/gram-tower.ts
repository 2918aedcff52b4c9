import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast, dropAxis, reduce, weightedSum } from "../../onnx/operators.ts";
import { declareTable, type TableFiles, type TableForm } from "../../ranking/graph/tables.ts";
import { weightFiles } from "../parts.ts";
import type { GramShape } from "../shape.ts";
import type { DeclareTower } from "./tower.ts";

const gramFiles: TableFiles = {
  float32: weightFiles.gramVectors,
  float16: weightFiles.gramHalves,
  int8: weightFiles.gramCodes,
  scales: weightFiles.gramScales,
};

/**
 * The mean of a title's grams beside the mean of the artist's; zeros of no grams. Inputs, int32: `titles` and `artists` [B, U, G], padded
 * with the number of buckets; a track has at least one gram in either.
 */
export function gramTower({ buckets, dims }: GramShape, form: TableForm): DeclareTower {
  return (graph) => {
    const titles = graph.input("titles", "int32", ["batch", "new", "grams"]);
    const artists = graph.input("artists", "int32", ["batch", "new", "grams"]);
    const info = { name: "gram_vectors", rows: buckets + 1, dims, form, files: gramFiles };
    const vectorsOf = declareTable(graph, info);
    const names = graph.node("Concat", [addAxis(graph, titles, 2), addAxis(graph, artists, 2)], {
      attributes: { axis: 2 },
    });
    const isGram = cast(graph, graph.node("Less", [names, graph.int32(buckets)]), "float32");
    const sums = weightedSum(graph, vectorsOf(graph, names), { weights: isGram, rank: 5 });
    const counts = reduce(graph, "ReduceSum", { value: isGram, axis: 3 });
    const means = graph.node("Div", [sums, graph.node("Max", [counts, graph.float32(1)])]);
    const ofTrack = reduce(graph, "ReduceSum", { value: counts, axis: 2 });
    return {
      vectors: graph.node("Reshape", [means, graph.int64([-1, 2 * dims])]),
      isTrack: dropAxes(graph, graph.node("Greater", [ofTrack, graph.float32(0)])),
    };
  };
}

/** [B, U] of [B, U, 1, 1] */
function dropAxes(graph: GraphBuilder, value: Value): Value {
  return dropAxis(graph, dropAxis(graph, value, 3), 2);
}

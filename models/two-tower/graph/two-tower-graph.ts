import { buildGraph } from "../../onnx/build-graph.ts";
import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { cast } from "../../onnx/operators.ts";
import { exactCatalogue, quantizedCatalogue } from "../../ranking/graph/rank-catalogue.ts";
import type { QuantizedItems } from "../../ranking/graph/rank-catalogue.ts";
import { rankEither } from "../../ranking/graph/rank-either.ts";
import { userVectors } from "./user-vectors.ts";
import { weightFiles } from "../weights.ts";
import type { TwoTowerShape } from "../weights.ts";

/**
 * One graph for both uses: given candidates it ranks those of each row, without (C = 0) the whole catalogue.
 *
 * Inputs, all int32: `user` [B], -1 = unknown; `history` [B, H] and `candidates` [B, C], item indexes, padded at their ends with
 * the item count; `k` [1]. The history speaks for unknown users only: give the others H = 0.
 *
 * Outputs `ids` int32 and `scores` float32, [B, min(k, C or items)], best first; padding comes back as id -1 with score
 * -Infinity. Of equal scores the lower item comes first; among candidates the one that stands first, so sort them, and make
 * C a multiple of 4, or equal items may differ in their last bits.
 *
 * A row's ids, order and score bits depend on that row, H, C and k only, never on the rest of the batch.
 *
 * @param quantized Without it the catalogue is scored in float32.
 */
export function twoTowerGraph(shape: TwoTowerShape, quantized?: QuantizedItems): Graph {
  return buildGraph("two-tower", (graph) => {
    const user = graph.input("user", "int32", ["batch"]);
    const history = graph.input("history", "int32", ["batch", "history"]);
    const candidates = graph.input("candidates", "int32", ["batch", "candidates"]);
    const k = cast(graph, graph.input("k", "int32", [1]), "int64");
    const items = graph.external(
      { name: "item_vectors", type: "float32", dims: [shape.items + 1, shape.dims] },
      { file: weightFiles.itemVectors },
    );
    const vectors = userVectors(graph, { shape, items, user, history });
    // Declared here and not in the branch, where the runtime would pack the matrix and keep the original too.
    const rankCatalogue = quantized
      ? quantizedCatalogue(graph, shape, quantized)
      : exactCatalogue(itemMatrix(graph, shape), shape);
    rankEither(graph, {
      shape,
      vectorsOf: (inner, indexes) => inner.node("Gather", [items, indexes]),
      vectors,
      k,
      candidates,
      rankCatalogue,
    });
  });
}

/** The item vectors once more: the product packs a copy of its own, while the look-up stays mapped. */
function itemMatrix(graph: GraphBuilder, { items, dims }: TwoTowerShape): Value {
  return graph.external(
    { name: "item_matrix", type: "float32", dims: [items, dims] },
    { file: weightFiles.itemVectors },
  );
}

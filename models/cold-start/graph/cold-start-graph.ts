import { buildGraph } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { cast } from "../../onnx/operators.ts";
import { rankAll } from "../../ranking/graph/catalogue-form.ts";
import { rankEither } from "../../ranking/graph/rank-either.ts";
import { declareTable, type TableFiles, type TableForm } from "../../ranking/graph/tables.ts";
import { weightFiles } from "../parts.ts";
import type { ColdStartShape } from "../shape.ts";
import type { ColdStartForm } from "./form.ts";
import { gramTower } from "./gram-tower.ts";
import { declareLayers, head } from "./layers.ts";
import { meanTrack } from "./mean-track.ts";
import type { DeclareTower } from "./tower.ts";

const itemFiles: TableFiles = {
  float32: weightFiles.itemVectors,
  float16: weightFiles.itemHalves,
  int8: weightFiles.itemCodes,
  scales: weightFiles.itemScales,
};

/**
 * One graph for both uses: given candidates it ranks those of each row, without (C = 0) the whole catalogue.
 *
 * Inputs, all int32: `tracks` [B, K], the known tracks as item indexes, and `candidates` [B, C], both padded at their ends with the item count;
 * those of the tower, [B, U, ...], for U tracks that are not known; `k` [1]. K, U or both may be 0.
 *
 * Outputs `ids` int32 and `scores` float32, [B, min(k, C or items)], best first; padding comes back as id -1 with score -Infinity. Of
 * equal scores the lower item comes first; among candidates the one that stands first, so sort them, and make C a multiple of 4, or
 * equal items may differ in their last bits.
 *
 * A row's ids, order and score bits depend on that row and the lengths of its lane only, never on the rest of the batch. The order of tracks
 * matters to the last bits: give them in one that is always the same.
 *
 * @param tower Default: character n-grams, as the shape says.
 */
export function coldStartGraph(
  shape: ColdStartShape,
  form: ColdStartForm,
  tower: DeclareTower = defaultTower(shape, form),
): Graph {
  return buildGraph("cold-start", (graph) => {
    const tracks = graph.input("tracks", "int32", ["batch", "known"]);
    const texts = tower(graph);
    const candidates = graph.input("candidates", "int32", ["batch", "candidates"]);
    const k = cast(graph, graph.input("k", "int32", [1]), "int64");
    const { items, dims } = shape;
    const declare = (name: string, as: TableForm) =>
      declareTable(graph, { name, rows: items + 1, dims, form: as, files: itemFiles });
    const scored = declare("item_vectors", form.scoredItems);
    const ofTracks =
      form.tracks === form.scoredItems ? scored : declare("track_vectors", form.tracks);
    const layers = declareLayers(graph, shape, form.body);
    const mean = meanTrack(graph, { shape, layers, tracks, texts, vectorsOf: ofTracks });
    rankEither(graph, {
      shape: { items, dims },
      vectorsOf: scored,
      vectors: head(graph, mean, layers),
      k,
      candidates,
      rankCatalogue: rankAll(graph, {
        shape: { items, dims },
        catalogue: form.catalogue,
        scoredItems: form.scoredItems,
        files: itemFiles,
      }),
    });
  });
}

function defaultTower({ text }: ColdStartShape, { grams }: ColdStartForm): DeclareTower {
  if (text.kind === "grams") return gramTower(text, grams);
  throw new Error("a model with an encoder needs its tower");
}

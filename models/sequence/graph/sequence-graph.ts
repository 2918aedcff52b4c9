import { buildGraph } from "../../onnx/build-graph.ts";
import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { cast, sizeOf } from "../../onnx/operators.ts";
import { rankEither } from "../../ranking/graph/rank-either.ts";
import { bodyTypeOf, declareBody, type BodyFiles } from "../../ranking/graph/body-weights.ts";
import { bodyTensors } from "../body.ts";
import { weightFiles } from "../parts.ts";
import { widthOf, type SequenceShape } from "../shape.ts";
import { lastBlock, wholeBlock } from "./blocks.ts";
import { embed, type Embedding } from "./embed.ts";
import type { SequenceForm } from "./form.ts";
import { itemLookUps, rankItems, userLookUp } from "./form-tables.ts";
import { layerNorm, slice } from "./layers.ts";
import { masksOf } from "./masks.ts";

const bodyFiles: BodyFiles = {
  float32: weightFiles.body,
  float16: weightFiles.bodyHalves,
  int8: weightFiles.bodyCodes,
  scales: weightFiles.bodyScales,
};

/**
 * One graph for both uses: given candidates it ranks those of each row, without (C = 0) the whole catalogue.
 *
 * Inputs, all int32: `user` [B], -1 = unknown: the mean of all; `sequence` [B, L], item indexes, oldest first, padded at its start with
 * the item count, L at most maxLength; `candidates` [B, C], padded at its end with the item count; `k` [1].
 *
 * Outputs `ids` int32 and `scores` float32, [B, min(k, C or items)], best first; padding comes back as id -1 with score
 * -Infinity. Of equal scores the lower item comes first; among candidates the one that stands first, so sort them, and make
 * C a multiple of 4, or equal items may differ in their last bits.
 *
 * A row's ids, order and score bits depend on that row, L, C and k only, never on the rest of the batch.
 */
export function sequenceGraph(shape: SequenceShape, form: SequenceForm): Graph {
  return buildGraph("sequence", (graph) => {
    const user = graph.input("user", "int32", ["batch"]);
    const sequence = graph.input("sequence", "int32", ["batch", "length"]);
    const candidates = graph.input("candidates", "int32", ["batch", "candidates"]);
    const k = cast(graph, graph.input("k", "int32", [1]), "int64");
    const items = itemLookUps(graph, shape, form);
    const vectors = sequenceVectors(graph, {
      shape,
      type: bodyTypeOf(form.body),
      body: declareBody(graph, { tensors: bodyTensors(shape), form: form.body, files: bodyFiles }),
      items: items.ofSequence,
      users: userLookUp(graph, shape, form),
      user,
      sequence,
      length: sizeOf(graph, sequence, 1),
    });
    rankEither(graph, {
      shape: { items: shape.items, dims: shape.itemDims },
      vectorsOf: items.scored,
      vectors,
      k,
      candidates,
      rankCatalogue: rankItems(graph, shape, form),
    });
  });
}

/** What the last position made of its sequence, float32 [B, itemDims]. */
function sequenceVectors(graph: GraphBuilder, embedding: Embedding): Value {
  const { shape, body, sequence, length } = embedding;
  const width = widthOf(shape);
  const masks = masksOf(graph, embedding);
  const threeDims = graph.node("Concat", [graph.node("Shape", [sequence]), graph.int64([width])], {
    attributes: { axis: 0 },
  });
  let positions = graph.node("Reshape", [embed(graph, embedding), graph.int64([-1, width])]);
  const context = { shape, body, masks, length, threeDims };
  const last = shape.blocks - 1;
  for (let block = 0; block < last; block++)
    positions = wholeBlock(graph, { ...context, block }, positions);
  const ofLast = lastBlock(graph, { ...context, block: last }, positions);
  const normal = layerNorm(graph, ofLast, {
    shape,
    weight: body("final_norm.weight"),
    bias: body("final_norm.bias"),
  });
  // The half that speaks for the user says the same of every item.
  const ofItems = slice(graph, normal, {
    axis: 1,
    start: graph.int64([0]),
    end: graph.int64([shape.itemDims]),
  });
  return embedding.type === "float32" ? ofItems : cast(graph, ofItems, "float32");
}

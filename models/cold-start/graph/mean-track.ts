import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast, reduce, sizeOf, weightedSum } from "../../onnx/operators.ts";
import type { LookUp } from "../../ranking/graph/tables.ts";
import type { ColdStartShape } from "../shape.ts";
import type { Layers } from "./layers.ts";
import type { TowerTexts } from "./tower.ts";

export interface Tracks {
  readonly shape: ColdStartShape;
  readonly layers: Layers;
  /** int32 [B, K], padded with the item count. */
  readonly tracks: Value;
  /** Padding has a vector of zeros. */
  readonly vectorsOf: LookUp;
  readonly texts: TowerTexts;
}

/** [B, dims]: the mean of the known tracks' own vectors and of what the projector makes of the names of the others. */
export function meanTrack(graph: GraphBuilder, inputs: Tracks): Value {
  const { shape, layers, tracks, vectorsOf, texts } = inputs;
  const isKnown = cast(graph, graph.node("Less", [tracks, graph.int32(shape.items)]), "float32");
  const isFresh = cast(graph, texts.isTrack, "float32");
  const [known, fresh] = [countOf(graph, isKnown), countOf(graph, isFresh)];
  const all = graph.node("Max", [graph.node("Add", [known, fresh]), graph.float32(1)]);
  const meanOf = (vectors: Value, weights: Value) =>
    graph.node("Div", [weightedSum(graph, vectors, { weights, rank: 3 }), all]);

  const ofKnown = meanOf(vectorsOf(graph, tracks), isKnown);
  // The last layer of the projector is linear: it sees their mean, once, instead of each of them.
  const ofFresh = layers.projectorOut(graph, meanOf(insideProjector(graph, inputs), isFresh));
  const share = graph.node("Div", [fresh, all]);
  const bias = graph.node("Mul", [share, layers.projectorBias]);
  return graph.node("Add", [ofKnown, graph.node("Add", [ofFresh, bias])]);
}

/** [B, U, hidden]; zeros where there is no track, whatever the tower said of it. */
function insideProjector(graph: GraphBuilder, { shape, layers, texts }: Tracks): Value {
  const dims = graph.node(
    "Concat",
    [sizeOf(graph, texts.isTrack, 0), graph.int64([-1, shape.hidden])],
    { attributes: { axis: 0 } },
  );
  const active = graph.node("Reshape", [layers.projectorIn(graph, texts.vectors), dims]);
  const isTrack = addAxis(graph, texts.isTrack, 2);
  return graph.node("Where", [isTrack, active, graph.float32(0)]);
}

/** float32 [B, 1] of ones and zeros [B, n]: exact in whatever order they are added. */
function countOf(graph: GraphBuilder, is: Value): Value {
  return reduce(graph, "ReduceSum", { value: is, axis: 1 });
}

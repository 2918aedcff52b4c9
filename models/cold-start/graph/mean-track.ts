import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast, reduce, sizeOf } from "../../onnx/operators.ts";
import type { LookUp } from "../../ranking/graph/tables.ts";
import type { ColdStartShape } from "../shape.ts";
import type { Layers } from "./layers.ts";
import { sumRows } from "./sum-rows.ts";
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
  const isKnown = graph.node("Less", [tracks, graph.int32(shape.items)]);
  const [known, fresh] = [countOf(graph, isKnown), countOf(graph, texts.isTrack)];
  const all = graph.node("Max", [graph.node("Add", [known, fresh]), graph.float32(1)]);
  const meanOf = (sum: Value) => graph.node("Div", [sum, all]);

  const ofKnown = meanOf(sumRows(graph, vectorsOf(graph, tracks), shape.dims));
  // The last layer of the projector is linear: it sees their mean, once, instead of each of them.
  const inside = meanOf(sumRows(graph, insideProjector(graph, inputs), shape.hidden));
  const ofFresh = layers.projectorOut(graph, inside);
  const bias = graph.node("Mul", [meanOf(fresh), layers.projectorBias]);
  return graph.node("Add", [ofKnown, graph.node("Add", [ofFresh, bias])]);
}

/** [B, U, hidden]; zeros where there is no track. */
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

/** float32 [B, 1] of bool [B, n]: whole numbers, exact in whatever order they are added. */
function countOf(graph: GraphBuilder, is: Value): Value {
  return reduce(graph, "ReduceSum", { value: cast(graph, is, "float32"), axis: 1 });
}

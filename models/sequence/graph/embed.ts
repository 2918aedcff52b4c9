import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast } from "../../onnx/operators.ts";
import type { SequenceShape } from "../shape.ts";
import type { BodyWeights } from "./body-weights.ts";
import type { SequenceForm } from "./form.ts";
import type { LookUp } from "./tables.ts";

export interface Embedding {
  readonly shape: SequenceShape;
  readonly body: BodyWeights;
  readonly type: SequenceForm["body"];
  readonly items: LookUp;
  /** Absent: the model knows no users. */
  readonly users: LookUp | undefined;
  /** int32 [B] */
  readonly user: Value;
  /** int32 [B, L] */
  readonly sequence: Value;
  /** L, int64 [1] */
  readonly length: Value;
}

/** What each position starts from, [B, L, width]: its item beside the user, and where in the sequence it stands. */
export function embed(graph: GraphBuilder, embedding: Embedding): Value {
  const { shape, body, type, items, users, user, sequence, length } = embedding;
  const end = graph.int64([shape.maxLength]);
  const start = graph.node("Sub", [end, length]);
  const lastOf = (positions: Value) =>
    graph.node("Slice", [positions, start, end, graph.int64([0])]);
  const atItems = graph.node("Add", [items(graph, sequence, type), lastOf(body("item_positions"))]);
  if (users === undefined) return atItems;
  // One row for each user becomes one for each position by adding them.
  const atUsers = graph.node("Add", [
    addAxis(graph, users(graph, user, type), 1),
    lastOf(body("user_positions")),
  ]);
  return graph.node("Concat", [atItems, atUsers], { attributes: { axis: 2 } });
}

/** Far below every score, and finite: a position without any other to look at must not divide zero by zero. */
const hidden = { float32: -1e30, float16: -3e4 };

export interface Masks {
  /** [B, 1, L]: what the last position may look at, as a number to add. */
  readonly ofLast: Value;
  /** [B, L, L]: what each position may. */
  ofAll(): Value;
}

export function masksOf(graph: GraphBuilder, embedding: Embedding): Masks {
  const { shape, type, sequence, length } = embedding;
  const mask = (isHidden: Value) =>
    cast(
      graph,
      graph.node("Where", [isHidden, graph.float32(hidden[type]), graph.float32(0)]),
      type,
    );
  const ofLast = addAxis(graph, mask(graph.node("Equal", [sequence, graph.int32(shape.items)])), 1);
  let ofAll: Value | undefined;
  return {
    ofLast,
    ofAll: () => (ofAll ??= graph.node("Min", [mask(isLater(graph, embedding)), ofLast])),
  };
}

/** bool [L, L]: whether the second position comes after the first. */
function isLater(graph: GraphBuilder, { shape, length }: Embedding): Value {
  const places = graph.node("Slice", [
    graph.int32(Array.from({ length: shape.maxLength }, (_, place) => place)),
    graph.int64([0]),
    length,
  ]);
  return graph.node("Greater", [addAxis(graph, places, 0), addAxis(graph, places, 1)]);
}

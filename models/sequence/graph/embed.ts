import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis } from "../../onnx/operators.ts";
import type { BodyType, BodyWeights } from "../../ranking/graph/body-weights.ts";
import type { LookUp } from "../../ranking/graph/tables.ts";
import type { SequenceShape } from "../shape.ts";
import { slice } from "./layers.ts";

export interface Embedding {
  readonly shape: SequenceShape;
  readonly body: BodyWeights;
  readonly type: BodyType;
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
  const lastOf = (positions: Value) => slice(graph, positions, { axis: 0, start, end });
  const atItems = graph.node("Add", [items(graph, sequence, type), lastOf(body("item_positions"))]);
  if (users === undefined) return atItems;
  // One row for each user becomes one for each position by adding them.
  const atUsers = graph.node("Add", [
    addAxis(graph, users(graph, user, type), 1),
    lastOf(body("user_positions")),
  ]);
  return graph.node("Concat", [atItems, atUsers], { attributes: { axis: 2 } });
}

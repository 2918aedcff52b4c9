import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast, reduce, weightedSum } from "../../onnx/operators.ts";
import { weightFiles } from "../weights.ts";
import type { TwoTowerShape } from "../weights.ts";

export interface UserInputs {
  readonly shape: TwoTowerShape;
  /** The item vectors with their zero row. */
  readonly items: Value;
  readonly user: Value;
  readonly history: Value;
}

/** [B, dims]: a known user's own vector, an unknown user's mean over the history; zeros when that is empty. */
export function userVectors(
  graph: GraphBuilder,
  { shape, items, user, history }: UserInputs,
): Value {
  const users = graph.external(
    { name: "user_vectors", type: "float32", dims: [shape.users + 1, shape.dims] },
    { file: weightFiles.userVectors },
  );
  const known = graph.node("Gather", [users, user]);
  const isUnknown = addAxis(graph, graph.node("Less", [user, graph.int32(0)]), 1);
  return graph.node("Where", [isUnknown, meanOf(graph, { shape, items, history }), known]);
}

/** A sum over rows of zeros for the padding, divided by how many are not. */
function meanOf(graph: GraphBuilder, { shape, items, history }: Omit<UserInputs, "user">): Value {
  const isItem = cast(graph, graph.node("Less", [history, graph.int32(shape.items)]), "float32");
  const count = graph.node("Max", [
    reduce(graph, "ReduceSum", { value: isItem, axis: 1 }),
    graph.float32(1),
  ]);
  const rows = graph.node("Gather", [items, history]);
  const sum = weightedSum(graph, rows, { weights: isItem, rank: 3 });
  return graph.node("Div", [sum, count]);
}

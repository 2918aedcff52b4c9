import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, dropAxis, reduce } from "../../onnx/operators.ts";

/** int64 [B], of bool [B, L]. In whole numbers, so that the order in which they are added changes nothing. */
export function countItems(graph: GraphBuilder, isItem: Value): Value {
  const ones = cast(graph, isItem, "int64");
  return dropAxis(graph, reduce(graph, "ReduceSum", { value: ones, axis: 1 }), 1);
}

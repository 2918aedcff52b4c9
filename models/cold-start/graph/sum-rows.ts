import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { dropAxis, sizeOf } from "../../onnx/operators.ts";

/**
 * The runtime adds so many terms of a product in one go, however it cuts it between threads; a longer sum it cuts by how many columns a
 * thread got, which depends on the batch.
 */
const longestSum = 128;

/**
 * The sum of each row's vectors: [B, dims] of [B, n, dims], n at most 128 or a multiple of that; zeros where n is 0. Sums of 128 first,
 * then those: no more than 16,384 vectors.
 */
export function sumRows(graph: GraphBuilder, rows: Value, dims: number): Value {
  const batch = sizeOf(graph, rows, 0);
  const count = sizeOf(graph, rows, 1);
  const parts = graph.node("Max", [
    graph.node("Div", [count, graph.int64([longestSum])]),
    graph.int64([1]),
  ]);
  const ofPart = graph.node("Div", [count, parts]);
  // Every part takes what stands at its place in each group of neighbours, so that they lie side by side already.
  const width = graph.node("Mul", [parts, graph.int64([dims])]);
  const sideBySide = graph.node("Reshape", [rows, shapeOf(graph, [batch, ofPart, width])]);
  const sums = sumFew(graph, sideBySide, shapeOf(graph, [batch, graph.int64([1]), ofPart]));
  const asRows = graph.node("Reshape", [sums, shapeOf(graph, [batch, parts, graph.int64([dims])])]);
  return sumFew(graph, asRows, shapeOf(graph, [batch, graph.int64([1]), parts]));
}

/**
 * [B, dims] of [B, n, dims], by a product with ones: the runtime's sums add in another order for one row alone than for several.
 * @param ones [B, 1, n]. With one list for all rows, and n = 0, the runtime would clear the first row's sum only.
 */
function sumFew(graph: GraphBuilder, rows: Value, ones: Value): Value {
  const weights = graph.node("Expand", [graph.float32(1), ones]);
  return dropAxis(graph, graph.node("MatMul", [weights, rows]), 1);
}

function shapeOf(graph: GraphBuilder, dims: readonly Value[]): Value {
  return graph.node("Concat", dims, { attributes: { axis: 0 } });
}

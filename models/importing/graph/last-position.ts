import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { dropAxis, sizeOf } from "../../onnx/operators.ts";

export type PaddingSide = "left" | "right";

/**
 * What a body gives at the last item of each row: [B, width] of [B, L, width].
 * @param counts int64 [B]: how many items a row has.
 */
export function lastPosition(
  graph: GraphBuilder,
  value: Value,
  { counts, side }: { readonly counts: Value; readonly side: PaddingSide },
): Value {
  if (side === "left")
    return graph.node("Gather", [value, graph.int64(-1)], { attributes: { axis: 1 } });
  const length = dropAxis(graph, sizeOf(graph, value, 1), 0);
  const rows = dropAxis(graph, sizeOf(graph, value, 0), 0);
  const starts = graph.node("Mul", [
    graph.node("Range", [graph.int64(0), rows, graph.int64(1)]),
    length,
  ]);
  const lasts = graph.node("Sub", [graph.node("Max", [counts, graph.int64(1)]), graph.int64(1)]);
  const width = sizeOf(graph, value, 2);
  const shape = graph.node("Concat", [graph.int64([-1]), width], { attributes: { axis: 0 } });
  const flat = graph.node("Reshape", [value, shape]);
  return graph.node("Gather", [flat, graph.node("Add", [starts, lasts])]);
}

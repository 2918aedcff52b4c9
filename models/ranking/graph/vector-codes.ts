import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, reduce } from "../../onnx/operators.ts";

/** The zero point of `vectorCodes`. */
export const codeOfZero = 128;

/**
 * Vectors in uint8, each row on a scale of its own, so that its codes depend on itself alone. The scale divides out of a row's ranking,
 * so nobody needs it afterwards.
 * @param factors What each dimension is multiplied by before; absent: nothing.
 */
export function vectorCodes(graph: GraphBuilder, vectors: Value, factors?: Float32Array): Value {
  const scaled =
    factors === undefined ? vectors : graph.node("Mul", [vectors, graph.float32([...factors])]);
  const largest = graph.node("Max", [
    reduce(graph, "ReduceMax", { value: graph.node("Abs", [scaled]), axis: 1 }),
    graph.float32(1e-30),
  ]);
  const step = graph.node("Mul", [largest, graph.float32(1 / 127)]);
  const rounded = graph.node("Round", [graph.node("Div", [scaled, step])]);
  return cast(graph, graph.node("Add", [rounded, graph.float32(codeOfZero)]), "uint8");
}

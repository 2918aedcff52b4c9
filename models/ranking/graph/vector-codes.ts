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
  const step = graph.node("Mul", [largestOf(graph, scaled), graph.float32(1 / 127)]);
  return unsigned(graph, graph.node("Round", [graph.node("Div", [scaled, step])]), codeOfZero);
}

export interface FineCodes {
  /** uint8 [2 * B, dims] with a zero point of `fineZero`: `highFactor` times the first B rows and the last B are the vectors. */
  readonly codes: Value;
  /** What the sums of both are multiplied by, float32 [B, 1]. */
  readonly step: Value;
}

/**
 * Codes are at most twice that: x64 without VNNI adds up two products in 16 bits, which 2 * 128 * 127 just fit into. Nothing else makes
 * sure of it where weights are declared outside of a branch: "session.x64quantprecision" passes them over.
 */
export const fineZero = 64;
export const highFactor = 128;

/** Vectors in 14 bits, each row on a scale of its own: a high and a low byte. */
export function fineVectorCodes(graph: GraphBuilder, vectors: Value): FineCodes {
  const greatest = fineZero * highFactor;
  const step = graph.node("Mul", [largestOf(graph, vectors), graph.float32(1 / greatest)]);
  const whole = graph.node("Round", [graph.node("Div", [vectors, step])]);
  const high = graph.node("Round", [graph.node("Mul", [whole, graph.float32(1 / highFactor)])]);
  const low = graph.node("Sub", [whole, graph.node("Mul", [high, graph.float32(highFactor)])]);
  const both = graph.node("Concat", [high, low], { attributes: { axis: 0 } });
  return { codes: unsigned(graph, both, fineZero), step };
}

/** Of each row, [B, 1]; more than zero. */
function largestOf(graph: GraphBuilder, vectors: Value): Value {
  return graph.node("Max", [
    reduce(graph, "ReduceMax", { value: graph.node("Abs", [vectors]), axis: 1 }),
    graph.float32(1e-30),
  ]);
}

function unsigned(graph: GraphBuilder, codes: Value, zero: number): Value {
  return cast(graph, graph.node("Add", [codes, graph.float32(zero)]), "uint8");
}

import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, reduce } from "../../onnx/operators.ts";

/**
 * The zero point of all codes here, and as far as they go from it: 0 to 128, a power of two, so that no rounding leads beyond. x64 without
 * VNNI adds up two products of a code and an int8 in 16 bits and cuts off the rest, and 2 * 128 * 127 just fit into these. Nothing else
 * makes sure of it where weights are declared outside of a branch: "session.x64quantprecision" passes them over.
 */
export const codeOfZero = 64;

/**
 * Vectors in 7 bits, each row on a scale of its own, so that its codes depend on itself alone: uint8 with a zero point of `codeOfZero`.
 * The scale divides out of a row's ranking, so nobody needs it afterwards.
 * @param factors What each dimension is multiplied by before; absent: nothing.
 */
export function vectorCodes(graph: GraphBuilder, vectors: Value, factors?: Float32Array): Value {
  const scaled =
    factors === undefined ? vectors : graph.node("Mul", [vectors, graph.float32([...factors])]);
  return unsigned(graph, wholeSteps(graph, scaled, codeOfZero).whole);
}

export interface FineCodes {
  /** uint8 [2 * B, dims] with a zero point of `codeOfZero`: `highFactor` times the first B rows and the last B are the vectors. */
  readonly codes: Value;
  /** What the sums of both are multiplied by, float32 [B, 1]. */
  readonly step: Value;
}

export const highFactor = 2 * codeOfZero;

/** Vectors in 14 bits, each row on a scale of its own: a high and a low byte. */
export function fineVectorCodes(graph: GraphBuilder, vectors: Value): FineCodes {
  const { whole, step } = wholeSteps(graph, vectors, codeOfZero * highFactor);
  const high = graph.node("Round", [graph.node("Mul", [whole, graph.float32(1 / highFactor)])]);
  const low = graph.node("Sub", [whole, graph.node("Mul", [high, graph.float32(highFactor)])]);
  const both = graph.node("Concat", [high, low], { attributes: { axis: 0 } });
  return { codes: unsigned(graph, both), step };
}

/** Each row in whole steps of its own size, [B, 1], of which its largest number has `most`. */
function wholeSteps(graph: GraphBuilder, vectors: Value, most: number) {
  const step = graph.node("Mul", [largestOf(graph, vectors), graph.float32(1 / most)]);
  return { whole: graph.node("Round", [graph.node("Div", [vectors, step])]), step };
}

/** Of each row, [B, 1]; more than zero. */
function largestOf(graph: GraphBuilder, vectors: Value): Value {
  return graph.node("Max", [
    reduce(graph, "ReduceMax", { value: graph.node("Abs", [vectors]), axis: 1 }),
    graph.float32(1e-30),
  ]);
}

function unsigned(graph: GraphBuilder, codes: Value): Value {
  return cast(graph, graph.node("Add", [codes, graph.float32(codeOfZero)]), "uint8");
}

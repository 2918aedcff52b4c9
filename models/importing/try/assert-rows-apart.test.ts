import { expect, test } from "vitest";
import { buildGraph } from "../../onnx/build-graph.ts";
import { decodeModel } from "../../onnx/decode/decode-model.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { assertRowsApart } from "./assert-rows-apart.ts";

function graphOf(op: string) {
  const graph = buildGraph("one", (graph) => {
    const value = graph.input("value", "float32", ["n"]);
    graph.several(op, [value], { outputs: ["out", "scale", "zero"] });
    graph.output("out", "float32", ["n"]);
  });
  return decodeModel(encodeModel(graph)).graph;
}

const far = { rows: 8, differing: 3, furthest: 0.02 };

test("scores that no rounding explains are refused, also those that are no numbers", () => {
  const graph = graphOf("Abs");
  expect(() => assertRowsApart(far, graph)).toThrow("up to 2.0% of the largest apart");
  expect(() => assertRowsApart({ ...far, furthest: Number.NaN }, graph)).toThrow("apart");
  expect(() => assertRowsApart({ ...far, furthest: 1e-5 }, graph)).not.toThrow();
});

test("a quantization that finds its scale in the batch explains them", () => {
  expect(() => assertRowsApart(far, graphOf("DynamicQuantizeLinear"))).not.toThrow();
});

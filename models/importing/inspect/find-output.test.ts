import { expect, test } from "vitest";
import { buildGraph } from "../../onnx/build-graph.ts";
import { decodeModel } from "../../onnx/decode/decode-model.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { findOutput } from "./find-output.ts";
import { indexGraph } from "./graph-index.ts";

/** Ids that a TopK gives of distances. */
function ranking(largest: number | undefined) {
  const graph = buildGraph("ranking", (graph) => {
    const scores = graph.input("distances", "float32", ["batch", 40]);
    graph.several("TopK", [scores, graph.int64([10])], {
      outputs: ["best", "ids"],
      ...(largest !== undefined && { attributes: { largest } }),
    });
    graph.output("ids", "int64", ["batch", 10]);
  });
  return indexGraph(decodeModel(encodeModel(graph)).graph);
}

test("a TopK of the smallest is refused, since the greatest score is served first", () => {
  expect(() => findOutput(ranking(0), undefined)).toThrow(
    /comes from a TopK with largest=0: .*export what it ranks with the sign turned/,
  );
});

test.each([1, undefined])("what a TopK of the largest reads is taken instead: %s", (largest) => {
  const found = findOutput(ranking(largest), undefined);
  expect(found).toMatchObject({ value: "distances", isRanked: true });
});

import { expect, test } from "vitest";
import type { TensorInfo } from "../../models/tensors.ts";
import { checkTensors } from "./check-tensors.ts";

const user: TensorInfo = { name: "user", type: "int32", dims: [-1] };
const k: TensorInfo = { name: "k", type: "int32", dims: [1] };
const scores: TensorInfo = { name: "scores", type: "float32", dims: [-1, -1] };
const wanted = { inputs: [user, k], outputs: [scores] };

test("takes a graph with these tensors, in any order, with more outputs and with outputs of known sizes", () => {
  const outputs = [
    { ...scores, name: "extra" },
    { ...scores, dims: [-1, 10] },
  ];
  checkTensors({ inputs: [{ ...k, dims: [-1] }, user], outputs }, wanted);
});

test("names every tensor that is missing or different", () => {
  const graph = {
    inputs: [
      { ...user, type: "int64" as const },
      { ...k, dims: [2] },
    ],
    outputs: [{ ...scores, name: "scorez" }],
  };
  expect(() => checkTensors(graph, wanted)).toThrow(
    [
      "  - input user: int32 [any] is wanted, user: int64 [any]",
      "  - input k: int32 [1] is wanted, k: int32 [2]",
      "  - output scores: float32 [any, any] is wanted, there are scorez",
    ].join("\n"),
  );
});

test("refuses an input of one size where each run chooses, and an output of another rank", () => {
  const graph = { inputs: [{ ...user, dims: [8] }, k], outputs: [{ ...scores, dims: [-1] }] };
  expect(() => checkTensors(graph, wanted)).toThrow("user: int32 [8]\n  - output scores");
});

import { expect, test } from "vitest";
import type { TensorType } from "../../tensors.ts";
import { buildGraph } from "../../onnx/build-graph.ts";
import { decodeModel } from "../../onnx/decode/decode-model.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { findInputs } from "./find-inputs.ts";

const withExtra = (name: string, type: TensorType) =>
  decodeModel(
    encodeModel(
      buildGraph("test", (graph) => {
        const ids = graph.input("watched", "int32", ["batch", "length"]);
        graph.input(name, type, ["batch"]);
        graph.node("Neg", [ids], { outputs: ["negated"] });
        graph.output("negated", "int32", ["batch", "length"]);
      }),
    ),
  );

test.each([
  ["user", "a user's id is a whole number"],
  ["lengths", "how many items there are is a whole number"],
])("floats are no %s, whoever says so", (role, message) => {
  expect(() => findInputs(withExtra("extra", "float32"), {})).toThrow("nobody knows what to feed");
  const said = { [role]: "extra" };
  expect(() => findInputs(withExtra("extra", "float32"), said)).toThrow(message);
  expect(findInputs(withExtra("extra", "int32"), said)).toHaveProperty(role);
});

import { expect, test } from "vitest";
import { buildGraph } from "../onnx/build-graph.ts";
import { decodeModel } from "../onnx/decode/decode-model.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { rename } from "../onnx/operators.ts";
import { describeUser } from "./describe-user.ts";
import { readModel } from "./inspect/read-model.ts";

/** Of three users by vectors of two. */
const vectors = [0, 0, 0.5, -1, 2, 1];

function told(user: { readonly firstId: number; readonly unknownId: number }) {
  const graph = buildGraph("users", (graph) => {
    const ids = graph.input("item_seq", "int64", ["batch", "length"]);
    const users = graph.input("user_id", "int64", ["batch"]);
    const own = graph.node("Gather", [graph.float32(vectors), users]);
    const count = graph.node("Cast", [graph.node("Size", [ids])], { attributes: { to: 1 } });
    rename(graph, graph.node("Add", [own, count]), "scores");
    graph.output("scores", "float32", ["batch", 2]);
  });
  const initializers = graph.initializers.map((table) => ({ ...table, dims: [3, 2] }));
  const model = decodeModel(encodeModel({ ...graph, initializers }));
  const read = readModel({ model, findExternal: () => "" }, {});
  return describeUser({ read, inputs: read.inputs, serving: { user } });
}

test("as whom strangers are answered is told, and whether that may be somebody", () => {
  expect(told({ firstId: 1, unknownId: 0 })).toMatch(
    /^user_id: .* ids from 1; all others, and all where there is no --users, are answered as 0, whose vector is all zeros$/,
  );
  expect(told({ firstId: 0, unknownId: 2 })).toMatch(
    /ids from 0; .* answered as 2, whose vector is not zero: where it is a user's, strangers get that user's answers/,
  );
  expect(told({ firstId: 0, unknownId: 9 })).toMatch(/as 9, which must be the model's stranger/);
});

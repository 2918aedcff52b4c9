import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { buildGraph } from "./build-graph.ts";
import { encodeModel } from "./encode-model.ts";
import { externalLocations } from "./external-locations.ts";

const weights = { name: "w", type: "float32", dims: [2] } as const;

/** Messages around each other, from the outermost field to the bytes inside. */
function nested(fields: readonly number[], inside: Uint8Array): Uint8Array {
  return fields.toReversed().reduce((bytes, field) => {
    const out = new BinaryWriter();
    return out.tag(field, WireType.LengthDelimited).bytes(bytes).finish();
  }, inside);
}

function entry(key: string, value: string): Uint8Array {
  const out = new BinaryWriter();
  out.tag(1, WireType.LengthDelimited).string(key);
  return out.tag(2, WireType.LengthDelimited).string(value).finish();
}

test("finds what a graph names, in branches too, each once", () => {
  const graph = buildGraph("outer", (g) => {
    const outer = g.external(weights, { file: "outer.f32" });
    const again = g.external({ ...weights, name: "again" }, { file: "outer.f32" });
    const branch = (file: string, name: string) =>
      g.branch(name, (inner) => {
        const value = inner.external({ ...weights, name: `${name}_w` }, { file });
        inner.node("Add", [value, outer], { outputs: [`${name}_sum`] });
        inner.output(`${name}_sum`, "float32", [2]);
      });
    const isTrue = g.node("Greater", [g.int64(1), g.int64(0)]);
    g.several("If", [isTrue], {
      attributes: {
        then_branch: branch("deep/then.f32", "then"),
        else_branch: branch("else.f32", "else"),
      },
      outputs: ["chosen"],
    });
    g.node("Add", ["chosen", again], { outputs: ["sum"] });
    g.output("sum", "float32", [2]);
  });
  expect(externalLocations(encodeModel(graph)).toSorted()).toEqual([
    "deep/then.f32",
    "else.f32",
    "outer.f32",
  ]);
});

// Field numbers of onnx.proto, from ModelProto down to a tensor's external data.
test.each([
  ["an initializer", [7, 5, 13]],
  ["a sparse initializer", [7, 15, 1, 13]],
  ["its indices", [7, 15, 2, 13]],
  ["an attribute", [7, 1, 5, 5, 13]],
  ["one of an attribute's tensors", [7, 1, 5, 10, 13]],
  ["a sparse attribute", [7, 1, 5, 22, 1, 13]],
  ["one of several sparse attributes", [7, 1, 5, 23, 1, 13]],
  ["one of an attribute's graphs", [7, 1, 5, 11, 5, 13]],
  ["a graph in a graph in a graph", [7, 1, 5, 6, 1, 5, 6, 5, 13]],
  ["a function", [25, 7, 5, 5, 13]],
  ["a function's attribute", [25, 11, 5, 13]],
  ["a training step", [20, 1, 5, 13]],
])("finds what is named by %s", (_, fields) => {
  expect(externalLocations(nested(fields, entry("location", "../x")))).toEqual(["../x"]);
  expect(externalLocations(nested(fields, entry("offset", "../x")))).toEqual([]);
});

test.each([
  ["text", Buffer.from("hello, this is no graph")],
  ["a message that ends behind the one around it", Uint8Array.of(0x3a, 2, 0x2a, 9)],
  [
    "graphs in graphs without end",
    nested([7, ...Array.from({ length: 99 }, () => [1, 5, 6]).flat()], new Uint8Array()),
  ],
])("refuses %s", (_, bytes) => {
  expect(() => externalLocations(bytes)).toThrow("no ONNX model");
});

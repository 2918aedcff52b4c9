import { expect, test } from "vitest";
import { buildGraph } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import type { Tensor, Tensors, TensorType } from "../../models/tensors.ts";
import { Code } from "../../proto/serving-error.ts";
import { openEngine } from "./open-engine.ts";
import { runFailure } from "./run-failure.ts";
import { sampleFeeds, sampleGraph } from "./sample-graph.ts";

const call = { deadlineMs: Infinity, signal: new AbortController().signal };
const types: readonly TensorType[] = ["float32", "int32", "int64", "int8", "uint8", "float16"];
const runtimes = ["cpu", "wasm"] as const;

/** Gives back what it takes, in every type. */
const echo = encodeModel(
  buildGraph("echo", (g) => {
    for (const type of types) {
      const input = g.input(type, type, ["N"]);
      g.node("Identity", [input], { outputs: [`same_${type}`] });
      g.output(`same_${type}`, type, ["N"]);
    }
  }),
);

test.each(runtimes)("%s carries every type, and tensors of no values", async (provider) => {
  await using engine = await openEngine({ provider, graph: echo });
  for (const size of [3, 0]) {
    const dims = [size];
    const data: Record<TensorType, Tensor["data"]> = {
      float32: new Float32Array([1.5, -2, 3]),
      int32: new Int32Array([1, -2, 2 ** 31 - 1]),
      int64: new BigInt64Array([1n, -2n, 2n ** 62n]),
      int8: new Int8Array([1, -128, 127]),
      uint8: new Uint8Array([0, 1, 255]),
      float16: new Uint16Array([0x3c00, 0xc000, 0x7bff]),
    };
    const feeds = Object.fromEntries(
      types.map((type) => [type, { type, dims, data: data[type].slice(0, size) }]),
    );
    const expected = Object.fromEntries(types.map((type) => [`same_${type}`, feeds[type]]));
    expect(await engine.run(feeds, call)).toEqual(expected);
  }
});

test.each(runtimes)("%s says which node minds the values, and serves on", async (provider) => {
  await using engine = await openEngine({ provider, graph: sampleGraph() });
  const feeds = sampleFeeds(2);
  feeds.ids.data[4] = 99;
  await expect(engine.run(feeds, call)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringMatching(/^Gather cannot run .*idx=99/) as string,
  });
  await expect(engine.run(sampleFeeds(2), call)).resolves.toHaveProperty("pooled");
});

test("sums of large bytes are exact, also where the processor has only 16 bits for two of them", async () => {
  const depth = 64;
  const graph = buildGraph("bytes", (g) => {
    const codes = g.input("codes", "uint8", ["B", depth]);
    const column = Array.from({ length: depth }, () => 127);
    const matrix = g.node("Cast", [g.node("Reshape", [g.float32(column), g.int64([depth, 1])])], {
      attributes: { to: 3 },
    });
    g.node("MatMulInteger", [codes, matrix], { outputs: ["sums"] });
    g.output("sums", "int32", ["B", 1]);
  });
  await using engine = await openEngine({ provider: "cpu", graph: encodeModel(graph) });
  const codes: Tensor = { type: "uint8", dims: [1, depth], data: new Uint8Array(depth).fill(255) };
  const { sums } = await engine.run({ codes }, call);
  expect([...sums!.data]).toEqual([depth * 255 * 127]);
});

function shape(size: number): Tensors {
  return { shape: { type: "int32", dims: [2], data: new Int32Array(2).fill(size) } };
}

test.each(runtimes)("%s survives feeds that need more memory than there is", async (provider) => {
  const graph = encodeModel(
    buildGraph("huge", (g) => {
      const shape = g.node("Cast", [g.input("shape", "int32", [2])], { attributes: { to: 7 } });
      g.node("ConstantOfShape", [shape], { outputs: ["zeros"] });
      g.output("zeros", "float32", ["A", "B"]);
    }),
  );
  await using engine = await openEngine({ provider, graph });
  await expect(engine.run(shape(2 ** 21), call)).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
  const { zeros } = await engine.run(shape(2), call);
  expect(zeros?.data).toEqual(new Float32Array(4));
});

test("a graph with types that no feed can have is refused by name", async () => {
  const graph = encodeModel(
    buildGraph("bools", (g) => {
      g.node("Not", [g.input("flag", "bool", ["N"])], { outputs: ["not"] });
      g.output("not", "bool", ["N"]);
    }),
  );
  await expect(openEngine({ provider: "cpu", graph })).rejects.toThrow(
    'input "flag" of the graph is bool',
  );
});

test.each([
  [
    "Non-zero status code returned while running Gather node. Name:'g' Status Message: idx=9 is out",
    "INVALID_ARGUMENT",
    "Gather cannot run with the values of these feeds: idx=9 is out",
  ],
  [
    "Status Message: /build/onnxruntime/core/x.cc:12 Foo",
    "INVALID_ARGUMENT",
    "the graph cannot run with the values of these feeds",
  ],
  [
    "Failed to allocate memory for requested buffer of size 9",
    "RESOURCE_EXHAUSTED",
    "send fewer rows",
  ],
  ["std::bad_alloc", "RESOURCE_EXHAUSTED", "send fewer rows"],
  ["CUDA failure 2: out of memory ; GPU=0", "RESOURCE_EXHAUSTED", "send fewer rows"],
  ["CUDA failure 700: an illegal memory access was encountered", "UNAVAILABLE", "device failed"],
] as const)("tells the caller of %j", (text, code, message) => {
  const error = runFailure(text);
  expect(error.code).toBe(Code[code]);
  expect(error.message).toContain(message);
  expect(error.message).not.toContain("/build");
  expect(error.cause).toEqual(new Error(text));
});

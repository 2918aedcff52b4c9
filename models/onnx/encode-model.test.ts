import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { expect, onTestFinished, test } from "vitest";
import { buildGraph } from "./build-graph.ts";
import type { GraphBuilder } from "./build-graph.ts";
import { encodeModel } from "./encode-model.ts";
import { addAxis, dot, dropAxis, pick, reduce, sizeOf, topK } from "./operators.ts";

type Feeds = Record<string, ort.Tensor>;

async function open(build: (graph: GraphBuilder) => void): Promise<ort.InferenceSession> {
  const session = await ort.InferenceSession.create(encodeModel(buildGraph("test", build)));
  onTestFinished(() => session.release());
  return session;
}

async function outputsOf(
  build: (graph: GraphBuilder) => void,
  feeds: Feeds,
): Promise<Record<string, unknown>> {
  const session = await open(build);
  const results = await session.run(feeds);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
}

const floats = (values: number[], dims = [values.length]) =>
  new ort.Tensor("float32", values, dims);

test("inputs and outputs keep their names, types and dimensions", async () => {
  const session = await open((graph) => {
    const rows = graph.input("rows", "float32", ["batch", 3]);
    graph.input("flags", "uint8", ["batch"]);
    graph.node("Neg", [rows], { outputs: ["negated"] });
    graph.output("negated", "float32", ["batch", 3]);
  });
  expect(session.inputMetadata).toMatchObject([
    { name: "rows", type: "float32", shape: ["batch", 3] },
    { name: "flags", type: "uint8", shape: ["batch"] },
  ]);
  expect(session.outputMetadata).toMatchObject([
    { name: "negated", type: "float32", shape: ["batch", 3] },
  ]);
});

test("every kind of attribute reaches its operator", async () => {
  const outputs = await outputsOf(
    (graph) => {
      const x = graph.input("x", "float32", [1, 4, 1, 1]);
      graph.node("LeakyRelu", [x], { attributes: { alpha: { float: 0.5 } }, outputs: ["float"] });
      graph.node("Softmax", [x], { attributes: { axis: -1 }, outputs: ["negative"] });
      graph.node("Transpose", [x], { attributes: { perm: [1, 0, 2, 3] }, outputs: ["integers"] });
      graph.node("DepthToSpace", [x], {
        attributes: { blocksize: 2, mode: "CRD" },
        outputs: ["string"],
      });
      for (const name of ["float", "negative", "integers", "string"])
        graph.output(name, "float32", ["a", "b", "c", "d"]);
    },
    { x: floats([-2, 4, -6, 8], [1, 4, 1, 1]) },
  );
  expect(outputs).toEqual({
    float: [-1, 4, -3, 8],
    negative: [1, 1, 1, 1],
    integers: [-2, 4, -6, 8],
    string: [-2, 4, -6, 8],
  });
});

test("constants of every type are what was written", async () => {
  const outputs = await outputsOf((graph) => {
    const constants = {
      float32: graph.float32([0.1, -Infinity]),
      int32: graph.int32([-(2 ** 31), 7]),
      int64: graph.int64([-1, 2 ** 40]),
      uint8: graph.uint8([0, 255]),
    } as const;
    for (const [type, value] of Object.entries(constants)) {
      graph.node("Identity", [value], { outputs: [`out_${type}`] });
      graph.output(`out_${type}`, type as keyof typeof constants, [2]);
    }
  }, {});
  expect(outputs).toEqual({
    out_float32: [Math.fround(0.1), -Infinity],
    out_int32: [-(2 ** 31), 7],
    out_int64: [-1n, 2n ** 40n],
    out_uint8: [0, 255],
  });
});

test("an external tensor is read from its file, from its offset on", async () => {
  const dir = await mkdtemp(join(tmpdir(), "onnx-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(
    join(dir, "rows.f32"),
    new Uint8Array(Float32Array.of(9, 9, 1, 2, 3, 4, 9).buffer),
  );
  const graph = buildGraph("external", (graph) => {
    const at = graph.input("at", "int32", ["n"]);
    const rows = graph.external(
      { name: "rows", type: "float32", dims: [2, 2] },
      { file: "rows.f32", offsetBytes: 8 },
    );
    graph.node("Gather", [rows, at], { outputs: ["out"] });
    graph.output("out", "float32", ["n", 2]);
  });
  await writeFile(join(dir, "external.onnx"), encodeModel(graph));
  const session = await ort.InferenceSession.create(join(dir, "external.onnx"));
  onTestFinished(() => session.release());
  const { out } = await session.run({ at: new ort.Tensor("int32", Int32Array.of(1, 0, 1), [3]) });
  expect([...(out!.data as Float32Array)]).toEqual([3, 4, 1, 2, 3, 4]);
});

/** Adds 2 to up to two numbers, doubles more. */
function addOrDouble(graph: GraphBuilder): void {
  const x = graph.input("x", "float32", ["n"]);
  const two = graph.float32(2);
  const many = graph.node("Greater", [
    graph.node("Squeeze", [sizeOf(graph, x, 0)]),
    graph.int64(2),
  ]);
  const branch = (name: string, op: string) =>
    graph.branch(name, (inner) => inner.output(inner.node(op, [x, two]), "float32", ["n"]));
  graph.node("If", [many], {
    attributes: { then_branch: branch("many", "Mul"), else_branch: branch("few", "Add") },
    outputs: ["out"],
  });
  graph.output("out", "float32", ["n"]);
}

test("branches see the values around them", async () => {
  expect(await outputsOf(addOrDouble, { x: floats([5, 6]) })).toEqual({ out: [7, 8] });
  expect(await outputsOf(addOrDouble, { x: floats([5, 6, 7]) })).toEqual({ out: [10, 12, 14] });
});

test("the runtime's own operators have a domain", async () => {
  const outputs = await outputsOf(
    (graph) => {
      const x = graph.input("x", "float32", [1, 2]);
      graph.node("FusedMatMul", [x, x], {
        attributes: { transB: 1 },
        domain: "com.microsoft",
        outputs: ["out"],
      });
      graph.output("out", "float32", [1, 1]);
    },
    { x: floats([3, 4], [1, 2]) },
  );
  expect(outputs).toEqual({ out: [25] });
});

test("top k prefers, of equal values, the one that stands first, also as a sort", async () => {
  const outputs = await outputsOf(
    (graph) => {
      const x = graph.input("x", "float32", [1, 6]);
      const best = topK(graph, x, { k: graph.int64([3]) });
      const sorted = topK(graph, x, { k: sizeOf(graph, x, 1), largest: false });
      graph.node("Identity", [best.indices], { outputs: ["best"] });
      graph.node("Identity", [pick(graph, x, sorted.indices)], { outputs: ["sorted"] });
      graph.output("best", "int64", [1, 3]);
      graph.output("sorted", "float32", [1, 6]);
    },
    { x: floats([1, 5, 5, 0, 5, 5], [1, 6]) },
  );
  expect(outputs).toEqual({ best: [1n, 2n, 4n], sorted: [0, 1, 5, 5, 5, 5] });
});

test("sums of nothing are zero, and no vectors have no dot products", async () => {
  const outputs = await outputsOf(
    (graph) => {
      const counts = graph.input("counts", "float32", ["n", "m"]);
      const rows = graph.input("rows", "float32", ["n", "m", 3]);
      const sum = reduce(graph, "ReduceSum", { value: counts, axis: 1 });
      const weighted = graph.node("MatMul", [addAxis(graph, counts, 1), rows]);
      const dots = dot(graph, rows, graph.input("vectors", "float32", ["n", 3]));
      graph.node("Identity", [sum], { outputs: ["sum"] });
      graph.node("Identity", [dropAxis(graph, weighted, 1)], { outputs: ["weighted"] });
      graph.node("Identity", [dots], { outputs: ["dots"] });
      graph.output("sum", "float32", ["n", 1]);
      graph.output("weighted", "float32", ["n", 3]);
      graph.output("dots", "float32", ["n", "m"]);
    },
    {
      counts: floats([], [2, 0]),
      rows: floats([], [2, 0, 3]),
      vectors: floats([1, 2, 3, 4, 5, 6], [2, 3]),
    },
  );
  expect(outputs).toEqual({ sum: [0, 0], weighted: [0, 0, 0, 0, 0, 0], dots: [] });
});

test("the same graph gives the same bytes", () => {
  const [first, second] = [1, 2].map(() => encodeModel(buildGraph("same", addOrDouble)));
  expect(first).toEqual(second);
});

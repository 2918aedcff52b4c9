import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unhurried } from "../../models/exporting/graph-runner.ts";
import { buildGraph } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import { exactInt8 } from "./exact-int8.ts";
import { openEngine } from "./open-engine.ts";

const precise = { "session.x64quantprecision": "1" };

test.each([
  ["flags\t\t: avx2 avx512bw avx512_vnni\n", {}],
  ["flags\t\t: avx2 avx_vnni\n", {}],
  ["flags\t\t: avx2 avx512bw\n", precise],
  ["flags\t\t: avx2\n", precise],
  ["", precise],
])("%j", (cpuInfo, config) => {
  expect(exactInt8(cpuInfo)).toEqual(config);
});

const [inner, columns] = [64, 48];

/** The largest sums that there are, which 16 bits do not hold. */
test("products of rows are exact here, whatever this machine has", async () => {
  const dir = await mkdtemp(join(tmpdir(), "exact-int8-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "rows"), new Int8Array(inner * columns).fill(127));
  await writeFile(join(dir, "product.onnx"), encodeModel(productGraph()));
  await using engine = await openEngine({ provider: "cpu", graph: join(dir, "product.onnx") });
  const left = { type: "uint8", dims: [1, inner], data: new Uint8Array(inner).fill(255) } as const;
  const { product } = await engine.run({ left }, unhurried);
  expect([...(product!.data as Float32Array)]).toEqual(Array(columns).fill(inner * 127 * 127));
});

function productGraph() {
  return buildGraph("product", (graph) => {
    const left = graph.input("left", "uint8", [1, inner]);
    const rows = graph.external(
      { name: "rows", type: "int8", dims: [columns, inner] },
      { file: "rows" },
    );
    const one = graph.float32(1);
    graph.node("QGemm", [left, one, graph.uint8(128), rows, one, graph.int8(0)], {
      domain: "com.microsoft",
      attributes: { transB: 1 },
      outputs: ["product"],
    });
    graph.output("product", "float32", [1, columns]);
  });
}

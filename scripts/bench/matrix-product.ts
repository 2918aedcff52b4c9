import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildGraph } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import type { Graph } from "../../models/onnx/graph.ts";
import type { Tensor } from "../../models/tensors.ts";
import { unhurried } from "../../models/exporting/graph-runner.ts";
import { openRunner } from "../../models/onnx/ort-runner.fixture.ts";

/** A product of matrices that stay in the cache, so that nothing but arithmetic limits it. */
export interface MatrixProduct extends AsyncDisposable {
  readonly run: () => Promise<unknown>;
  /** Multiplications and additions of one run. */
  readonly operations: number;
}

const [rows, inner, columns] = [256, 512, 512];

export async function openMatrixProduct(type: "float32" | "int8"): Promise<MatrixProduct> {
  const dir = await mkdtemp(join(tmpdir(), "matrix-product-"));
  const dims = [rows, inner];
  const left: Tensor =
    type === "int8"
      ? { type: "uint8", dims, data: new Uint8Array(rows * inner).fill(130) }
      : { type: "float32", dims, data: new Float32Array(rows * inner).fill(1) };
  const Right = type === "int8" ? Int8Array : Float32Array;
  await writeFile(join(dir, "right"), new Right(inner * columns).fill(3));
  await writeFile(join(dir, "product.onnx"), encodeModel(productGraph(type)));
  const runner = await openRunner(join(dir, "product.onnx"));
  return {
    run: () => runner.run({ left }, unhurried),
    operations: 2 * rows * inner * columns,
    async [Symbol.asyncDispose]() {
      await runner.close();
      await rm(dir, { recursive: true });
    },
  };
}

function productGraph(type: "float32" | "int8"): Graph {
  return buildGraph("product", (graph) => {
    const isInt8 = type === "int8";
    const left = graph.input("left", isInt8 ? "uint8" : "float32", [rows, inner]);
    const right = graph.external(
      { name: "right", type, dims: [inner, columns] },
      { file: "right" },
    );
    const operands = isInt8 ? [left, right, graph.uint8(128)] : [left, right];
    graph.node(isInt8 ? "MatMulInteger" : "MatMul", operands, { outputs: ["product"] });
    graph.output("product", isInt8 ? "int32" : "float32", [rows, columns]);
  });
}

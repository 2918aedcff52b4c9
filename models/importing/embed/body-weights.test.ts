import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readModelFile } from "../../onnx/decode/read-model-file.ts";
import { buildGraph } from "../../onnx/build-graph.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { rename } from "../../onnx/operators.ts";
import { gatherWeights } from "./body-weights.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-weights-"));
  await writeFile(join(dir, "w.bin"), Buffer.alloc(4 * 600, 1));
});
afterAll(() => rm(dir, { recursive: true }));

/** Tensors of so many floats of a file of 600, each from a byte on. */
async function gather(...ranges: readonly (readonly [offset: number, floats: number])[]) {
  const graph = buildGraph("ranges", (graph) => {
    graph.output(rename(graph, graph.float32(1), "out"), "float32", []);
    ranges.forEach(([offset, floats], i) => {
      const info = { name: `t${i}`, type: "float32", dims: [floats] } as const;
      graph.external(info, { file: "w.bin", offsetBytes: offset });
    });
  });
  const path = join(dir, "model.onnx");
  await writeFile(path, encodeModel(graph));
  const { model, findExternal } = await readModelFile(path);
  return gatherWeights(model.graph.initializers, "all.bin", findExternal);
}

test("tensors of one range share one place, and it is read once", async () => {
  const weights = await gather([0, 600], [0, 600], [0, 600]);
  expect(weights.content.reduce((sum, { length }) => sum + length, 0)).toBe(4 * 600);
  for (const name of ["t0", "t1", "t2"])
    expect(weights.placeOf(name)).toEqual({ offset: 0, length: 4 * 600 });
});

test("tensors that share a file have a place each", async () => {
  const weights = await gather([0, 300], [1_200, 300]);
  expect(weights.placeOf("t0")).toEqual({ offset: 0, length: 1_200 });
  expect(weights.placeOf("t1")).toEqual({ offset: 1_216, length: 1_200 });
});

test("ranges that overlap are refused before they are more than the file", async () => {
  await expect(gather([0, 500], [4, 500])).rejects.toThrow("its weights overlap in w.bin");
});

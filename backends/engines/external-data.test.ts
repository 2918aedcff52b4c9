import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildGraph } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import type { EngineSpec } from "./engine-spec.ts";
import { openEngine } from "./open-engine.ts";

const call = { deadlineMs: Infinity, signal: new AbortController().signal };

test.each<[EngineSpec["provider"], Partial<EngineSpec>]>([
  ["cpu", {}],
  ["cpu", { workers: 2 }],
  ["wasm", {}],
])("%s %j reads weights beside the graph", async (provider, settings) => {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-external-"));
  try {
    const table = Float32Array.from({ length: 12 }, (_, i) => i / 4);
    writeFileSync(join(folder, "weights.bin"), table);
    const graph = buildGraph("lookup", (g) => {
      const rows = g.external(
        { name: "rows", type: "float32", dims: [6, 2] },
        { file: "weights.bin" },
      );
      g.node("Gather", [rows, g.input("ids", "int32", ["B"])], { outputs: ["row"] });
      g.output("row", "float32", ["B", 2]);
    });
    writeFileSync(join(folder, "graph.onnx"), encodeModel(graph));
    await using engine = await openEngine({
      provider,
      graph: join(folder, "graph.onnx"),
      externalData: [{ location: "weights.bin", file: join(folder, "weights.bin") }],
      ...settings,
    });
    const ids = { type: "int32", dims: [2], data: new Int32Array([5, 1]) } as const;
    const { row } = await engine.run({ ids }, call);
    expect(row?.data).toEqual(new Float32Array([2.5, 2.75, 0.5, 0.75]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

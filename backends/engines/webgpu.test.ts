import { expect, test } from "vitest";
import { testEngine } from "../engine.contract.ts";
import { buildGraph } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import { openEngine } from "./open-engine.ts";
import { probe } from "./probe.ts";
import { useSoftwareVulkan } from "./software-vulkan.ts";

useSoftwareVulkan();
const finding = await probe("webgpu");

testEngine("webgpu", {
  open: (request) => openEngine({ provider: "webgpu", ...request }),
  unavailable: finding.works ? undefined : finding.why,
  neededInCi: true,
});

test.runIf(finding.works)("webgpu refuses a graph that it could not run alone", async () => {
  const graph = encodeModel(
    buildGraph("integers", (g) => {
      const row = g.input("row", "uint8", ["B", 4]);
      const weights = g.node("Reshape", [g.uint8([1, 2, 3, 4]), g.int64([4, 1])]);
      g.node("MatMulInteger", [row, weights], { outputs: ["sums"] });
      g.output("sums", "int32", ["B", 1]);
    }),
  );
  await expect(openEngine({ provider: "webgpu", graph })).rejects.toThrow(
    "nodes that webgpu cannot run",
  );
  await (await openEngine({ provider: "cpu", graph })).close();
});

import { testEngine } from "../engine.contract.ts";
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

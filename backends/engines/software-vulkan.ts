import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where `scripts/prepare-tests.ts` puts what it unpacks; ignored by git. */
export const softwareVulkanFolder = fileURLToPath(
  new URL("../../.crossfade/swiftshader/", import.meta.url),
);

const candidates = [
  `${softwareVulkanFolder}vk_swiftshader_icd.json`,
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

/** The file for VK_DRIVER_FILES that makes SwiftShader, a Vulkan driver for the CPU, the only driver. */
export function findSoftwareVulkan(): string | undefined {
  return candidates.find((file) => existsSync(file));
}

/**
 * Lets `webgpu` run without a GPU, where a driver was chosen neither way. Before the first WebGPU session, in the
 * main thread: a worker's environment is a copy that native code does not see.
 */
export function useSoftwareVulkan(): void {
  const file = findSoftwareVulkan();
  if (file !== undefined) process.env["VK_DRIVER_FILES"] ??= file;
}

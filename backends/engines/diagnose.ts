import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ProviderName } from "./provider.ts";
import { missingLibrary, whyNotLoadable } from "./shared-library.ts";
import { findSoftwareVulkan } from "./software-vulkan.ts";

/** Why the provider cannot open a graph: what this machine lacks and how to get it, else the runtime's own words. */
export function diagnose(provider: ProviderName, error: Error): string {
  const words = error.message;
  if (words.includes("assigned to the default CPU EP")) {
    return `it has nodes that ${provider} cannot run; use a variant that was made for it`;
  }
  return diagnoses[provider]?.(words) ?? words;
}

const diagnoses: Readonly<Partial<Record<ProviderName, (words: string) => string | undefined>>> = {
  cuda: () => (process.platform === "linux" ? diagnoseCuda(bindingFolder()) : undefined),
  webgpu: (words) =>
    process.platform === "linux" && words.includes("adapter") ? diagnoseVulkan() : undefined,
};

const ownRequire = createRequire(import.meta.url);
const packageFile = "onnxruntime-node/package.json";

/** Where onnxruntime-node looks for its CUDA libraries: beside its binding. */
function bindingFolder(): string {
  const folder = dirname(ownRequire.resolve(packageFile));
  return join(folder, "bin", "napi-v6", process.platform, process.arch);
}

const cudaFiles = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

export function diagnoseCuda(folder: string): string | undefined {
  const missing = cudaFiles.find((file) => !existsSync(join(folder, file)));
  if (missing !== undefined) return `${missing} is missing in ${folder}; ${howToGetCuda()}`;
  const why = whyNotLoadable(join(folder, cudaFiles[1]!));
  return why === undefined ? undefined : explainCuda(why);
}

function howToGetCuda(): string {
  const { version } = ownRequire(packageFile) as { readonly version: string };
  return (
    `take ${cudaFiles.join(" and ")} of the same version (from "pip download --no-deps onnxruntime-gpu==${version}", ` +
    `unzip onnxruntime/capi/; or from the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux) and copy both there`
  );
}

/** From the loader's words. */
export function explainCuda(why: string): string {
  const library = missingLibrary(why);
  if (library === undefined) return `libonnxruntime_providers_cuda.so does not load (${why})`;
  const how = library.startsWith("libcuda.so")
    ? `it comes with the NVIDIA driver; in a container, start it with the NVIDIA container runtime ("--gpus all")`
    : `it comes with CUDA ${majorOf(library)}; install it and put its folder on LD_LIBRARY_PATH`;
  return `${library} is missing, which libonnxruntime_providers_cuda.so needs; ${how}`;
}

/** libcurand counts differently from the rest. */
function majorOf(library: string): string {
  const major = /\.so\.(\d+)/.exec(library)?.[1];
  return major === undefined || library.startsWith("libcurand") ? "13" : major;
}

function diagnoseVulkan(): string | undefined {
  const why = whyNotLoadable("libvulkan.so.1");
  if (why !== undefined)
    return `libvulkan.so.1 is missing (${why}); install it with "apt-get install libvulkan1"`;
  if (process.env["VK_DRIVER_FILES"] !== undefined) return undefined;
  const software = findSoftwareVulkan();
  const how =
    software === undefined
      ? `"apt-get install chromium-common" brings one for the CPU`
      : `for the one that runs on the CPU, set VK_DRIVER_FILES=${software}`;
  return `no Vulkan driver was found for a GPU; install the GPU's own; ${how}`;
}

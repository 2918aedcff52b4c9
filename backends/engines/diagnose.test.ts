import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diagnoseCuda, explainCuda } from "./diagnose.ts";
import { whyNotLoadable } from "./shared-library.ts";

test.runIf(process.platform === "linux")(
  "the CUDA library that is missing is named, with the way to get it",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "crossfade-cuda-"));
    try {
      const shared = join(folder, "libonnxruntime_providers_shared.so");
      expect(diagnoseCuda(folder)).toMatch(
        /^libonnxruntime_providers_shared.so is missing in .*onnxruntime-gpu==\d/,
      );
      writeFileSync(shared, "");
      expect(diagnoseCuda(folder)).toMatch(/^libonnxruntime_providers_cuda.so is missing in /);
      writeFileSync(join(folder, "libonnxruntime_providers_cuda.so"), "no library");
      expect(diagnoseCuda(folder)).toMatch(
        /^libonnxruntime_providers_cuda.so does not load \(.*too short/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test.each([
  [
    "libcublasLt.so.13: cannot open shared object file: No such file or directory",
    /^libcublasLt.so.13 is missing.*CUDA 13/,
  ],
  [
    "libcurand.so.10: cannot open shared object file: No such file or directory",
    /^libcurand.so.10 is missing.*CUDA 13/,
  ],
  [
    "libcuda.so.1: cannot open shared object file: No such file or directory",
    /^libcuda.so.1 is missing.*NVIDIA driver/,
  ],
  ["libx.so: undefined symbol: cudaFoo", /does not load \(libx.so: undefined symbol: cudaFoo\)/],
])("the loader's words %j become advice", (why, advice) => {
  expect(explainCuda(why)).toMatch(advice);
});

test.runIf(process.platform === "linux")(
  "libraries that are no Node modules count as loadable",
  () => {
    expect(whyNotLoadable("libm.so.6")).toBe(undefined);
    expect(whyNotLoadable("libmissing.so.9")).toContain(
      "libmissing.so.9: cannot open shared object file",
    );
  },
);

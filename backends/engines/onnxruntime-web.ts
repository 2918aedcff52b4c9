import type { Runtime } from "./runtime.ts";

export async function loadOnnxruntimeWeb(): Promise<Runtime> {
  try {
    const runtime = await import("onnxruntime-web");
    // More would need worker threads of its own inside each of ours.
    runtime.env.wasm.numThreads = 1;
    runtime.env.logLevel = "fatal";
    return runtime;
  } catch (cause) {
    throw new Error(
      `the provider wasm needs the package onnxruntime-web, which does not load ` +
        `(${String(cause).split("\n")[0]}); install it with "npm ci"`,
      { cause },
    );
  }
}

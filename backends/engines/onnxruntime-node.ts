import type { Runtime } from "./runtime.ts";

export async function loadOnnxruntimeNode(): Promise<Runtime> {
  try {
    const runtime = await import("onnxruntime-node");
    // What fails comes back as an error; the runtime need not write it to stderr as well.
    runtime.env.logLevel = "fatal";
    return runtime;
  } catch (cause) {
    throw new Error(
      `the providers cpu, cuda and webgpu need the package onnxruntime-node, which does not load on ` +
        `${process.platform}-${process.arch} (${String(cause).split("\n")[0]}); install it with "npm ci"`,
      { cause },
    );
  }
}

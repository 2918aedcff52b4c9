import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

export interface StartWorkerOptions {
  /** `import.meta.url` of a module in the worker module's folder. */
  readonly beside: string;
  readonly data: unknown;
}

/** Starts a module in a thread: `name.ts` when running from source, `name.js` when compiled. */
export function startWorker(name: string, { beside, data }: StartWorkerOptions): Worker {
  const extension = beside.endsWith(".ts") ? "ts" : "js";
  const entry = fileURLToPath(new URL(`${name}.${extension}`, beside));
  // Flags of this process, tsx's among them, are not for the thread.
  const options = { workerData: data, execArgv: [] };
  if (extension === "js") return new Worker(entry, options);
  const compiler = createRequire(import.meta.url).resolve("tsx/cjs");
  const code = `require(${JSON.stringify(compiler)}); require(${JSON.stringify(entry)});`;
  return new Worker(code, { ...options, eval: true });
}

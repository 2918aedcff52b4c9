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
  const entry = entryOf(name, beside);
  // Flags of this process, tsx's among them, are not for the thread.
  const options = { workerData: data, execArgv: [] };
  return needsCompiler(entry)
    ? new Worker(compileAndRun(entry), { ...options, eval: true })
    : new Worker(entry, options);
}

/** The arguments with which `node` runs such a module in a process of its own. */
export function processArguments(name: string, beside: string): readonly string[] {
  const entry = entryOf(name, beside);
  return needsCompiler(entry) ? ["--eval", compileAndRun(entry), "--"] : [entry];
}

function entryOf(name: string, beside: string): string {
  return fileURLToPath(new URL(`${name}.${beside.endsWith(".ts") ? "ts" : "js"}`, beside));
}

function needsCompiler(entry: string): boolean {
  return entry.endsWith(".ts");
}

/**
 * tsx's hook for `require` compiles in the thread itself: 10 ms on top of a thread's start. `--import tsx` does
 * nothing in a thread of Node 20, and tsx's loader thread takes 110 ms.
 */
function compileAndRun(entry: string): string {
  const compiler = createRequire(import.meta.url).resolve("tsx/cjs");
  return `require(${JSON.stringify(compiler)}); require(${JSON.stringify(entry)});`;
}

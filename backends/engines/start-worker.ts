import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** Starts the module `name` beside this one in a thread, from source or compiled, whichever this one is. */
export function startWorker(name: string, data: unknown): Worker {
  const entry = entryOf(name);
  // The flags of this process are not for the thread: under tsx they would load a compiler into it.
  const options = { workerData: data, execArgv: [] };
  return needsCompiler(entry)
    ? new Worker(compileAndRun(entry), { ...options, eval: true })
    : new Worker(entry, options);
}

/** The arguments with which `node` runs the module `name` beside this one. */
export function processArguments(name: string): readonly string[] {
  const entry = entryOf(name);
  return needsCompiler(entry) ? ["--eval", compileAndRun(entry), "--"] : [entry];
}

function entryOf(name: string): string {
  const here = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(`${name}${here.slice(here.lastIndexOf("."))}`, import.meta.url));
}

function needsCompiler(entry: string): boolean {
  return entry.endsWith(".ts");
}

/**
 * tsx's hook for `require` compiles synchronously, in the thread itself: 10 ms on top of a thread's start,
 * where `--import tsx` does nothing for threads and its loader thread would take 110 ms.
 */
function compileAndRun(entry: string): string {
  const compiler = createRequire(import.meta.url).resolve("tsx/cjs");
  return `require(${JSON.stringify(compiler)}); require(${JSON.stringify(entry)});`;
}

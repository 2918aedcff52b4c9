import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { startWorker } from "../../../models/start-worker.ts";

/** Memory that threads read together, each its share. */
export interface Bandwidth extends AsyncDisposable {
  /** Milliseconds to read all of it once. */
  readMs(): Promise<number>;
}

export async function openBandwidth(bytes: number, threads: number): Promise<Bandwidth> {
  const workers = Array.from({ length: threads }, () =>
    startWorker("read-worker", {
      beside: import.meta.url,
      data: { bytes: Math.floor(bytes / threads) },
    }),
  );
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return {
    async readMs() {
      const startMs = performance.now();
      await Promise.all(workers.map(readOnce));
      return performance.now() - startMs;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

async function readOnce(worker: Worker): Promise<void> {
  const done = once(worker, "message");
  // A worker of Node, which has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage("read");
  await done;
}

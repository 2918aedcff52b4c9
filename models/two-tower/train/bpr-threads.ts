import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { startWorker } from "../../start-worker.ts";
import type { BprThread } from "./bpr-worker.ts";
import { startVectors } from "./run-bpr.ts";
import type { BprRun, Slice } from "./run-bpr.ts";

/** Each thread takes its part of the steps, all of them on the same vectors, without locks. Settles after all have ended. */
export async function runInThreads(run: BprRun, threads: number): Promise<void> {
  const { job, total } = run;
  startVectors(job);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const part = Math.ceil(total / threads);
  const ends = Array.from({ length: threads }, (_, stream) => {
    const data: BprThread = { job, total: Math.min(part, total - stream * part), stream, stop };
    const worker = startWorker("bpr-worker", { beside: import.meta.url, data });
    return endOf(worker, run, () => Atomics.store(stop, 0, 1));
  });
  const failed = (await Promise.allSettled(ends)).find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Reports a thread's slices until it has ended; stops all threads when it fails or when the run is not to go on. */
async function endOf(
  worker: Worker,
  { report, signal }: BprRun,
  stopAll: () => void,
): Promise<void> {
  const failures: unknown[] = [];
  const fail = (reason: unknown) => {
    failures.push(reason);
    stopAll();
  };
  worker.on("message", ({ steps, error }: Slice) => {
    try {
      signal?.throwIfAborted();
      report(steps, error);
    } catch (reason) {
      fail(reason);
    }
  });
  await once(worker, "exit").catch(fail);
  if (failures.length > 0) throw failures[0];
}

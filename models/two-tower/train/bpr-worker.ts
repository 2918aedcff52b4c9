import { parentPort, workerData } from "node:worker_threads";
import type { BprJob } from "./bpr-job.ts";
import { slices } from "./run-bpr.ts";
import type { SliceOptions } from "./run-bpr.ts";

/** What one thread of a training is given. */
export interface BprThread extends SliceOptions {
  readonly job: BprJob;
  /** Not 0: end early. */
  readonly stop: Int32Array;
}

const port = parentPort!;
const { job, stop, ...options } = workerData as BprThread;
for (const slice of slices(job, options)) {
  port.postMessage(slice);
  if (Atomics.load(stop, 0) !== 0) break;
}

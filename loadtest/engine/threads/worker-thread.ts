import type { Worker } from "node:worker_threads";
import { startWorker } from "../../../models/start-worker.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { reviveHistograms } from "../../histogram/read-histogram.ts";
import type { RunPart } from "../record/run-part.ts";
import type { FromWorker, SentGlance, ToWorker, WorkerOrder } from "./messages.ts";
import type { ThreadHealth } from "./thread-health.ts";

/** A worker as the main thread sees it. */
export interface WorkerThread {
  /** Rejects with a ServingError when a target cannot be reached. */
  readonly connected: Promise<void>;
  start(countFromMs: number): void;
  /** Its end follows soon. */
  stop(): void;
  /** What it found; rejects when it died. */
  readonly ended: Promise<WorkerEnd>;
  close(): Promise<void>;
}

export interface WorkerEnd {
  readonly part: RunPart;
  /** Absent: it was stopped before anything counted. */
  readonly health?: ThreadHealth;
}

export function startWorkerThread(
  order: WorkerOrder,
  onGlance: (glance: SentGlance) => void,
): WorkerThread {
  const worker = startWorker("generate-worker", { beside: import.meta.url, data: order });
  worker.on("message", (message: FromWorker) => {
    if (message.kind === "glance") onGlance(message.glance);
  });
  const tell = (message: ToWorker) => worker.postMessage(message, []);
  return {
    connected: whenTold(worker, (message, { resolve, reject }) => {
      if (message.kind === "connected") resolve();
      if (message.kind === "refused") reject(new ServingError(message.code, message.message));
    }),
    ended: whenTold(worker, (message, { resolve }) => {
      if (message.kind !== "ended") return;
      const part = JSON.parse(message.part, reviveHistograms) as RunPart;
      resolve({ part, ...(message.health && { health: message.health }) });
    }),
    start: (countFromMs) => tell({ kind: "start", countFromMs }),
    stop: () => tell({ kind: "stop" }),
    async close() {
      await worker.terminate();
    },
  };
}

interface Settle<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** Rejects when the thread ends before. */
function whenTold<Value>(
  worker: Worker,
  hear: (message: FromWorker, settle: Settle<Value>) => void,
): Promise<Value> {
  const told = new Promise<Value>((resolve, reject) => {
    worker.on("message", (message: FromWorker) => hear(message, { resolve, reject }));
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`it ended with code ${code}`)));
  });
  // Not everybody waits for both.
  told.catch(() => {});
  return told;
}

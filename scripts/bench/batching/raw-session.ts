import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { startWorker } from "../../../models/start-worker.ts";
import { median } from "../interleaved.ts";
import type { Tensors } from "../../../models/tensors.ts";
import type { RawOrder, RawPasses, RawSessionData } from "./raw-session-worker.ts";

export interface RawRuns {
  readonly meanMs: number;
  /** What a run costs while nothing disturbs it. */
  readonly fastestMs: number;
}

/** Bare ONNX Runtime in a thread of its own: the most that a batch of this size can do. */
export interface RawSession extends AsyncDisposable {
  /** Run after run, for so long. */
  repeat(feeds: Tensors, forMs: number): Promise<RawRuns>;
  /** Median ms of a pass over all the batches, one after the other. */
  passMs(batches: readonly Tensors[], forMs: number): Promise<number>;
}

export async function openRawSession(graph: string): Promise<RawSession> {
  const data: RawSessionData = { graph };
  const worker = startWorker("raw-session-worker", { beside: import.meta.url, data });
  await once(worker, "message");
  const passes = async (batches: readonly Tensors[], forMs: number) => {
    const [tookMs] = (await ask(worker, { batches, forMs })) as [RawPasses];
    return tookMs;
  };
  return {
    async repeat(feeds, forMs) {
      const tookMs = await passes([feeds], forMs);
      const meanMs = tookMs.reduce((sum, ms) => sum + ms, 0) / tookMs.length;
      return { meanMs, fastestMs: Math.min(...tookMs) };
    },
    passMs: async (batches, forMs) => median(await passes(batches, forMs)),
    async [Symbol.asyncDispose]() {
      const ended = once(worker, "exit");
      worker.postMessage("stop" satisfies RawOrder, []);
      await ended;
    },
  };
}

function ask(worker: Worker, order: RawOrder): Promise<unknown[]> {
  const answered = once(worker, "message");
  worker.postMessage(order, []);
  return answered;
}

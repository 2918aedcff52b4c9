import { parentPort, workerData } from "node:worker_threads";
import * as ort from "onnxruntime-node";
import type { Tensors } from "../../../models/tensors.ts";

/** Bare ONNX Runtime in a thread: nothing between one run and the next. */
export interface RawSessionData {
  readonly graph: string;
}

/** "stop", or: run these batches one after the other, over and over for so long. */
export type RawOrder = "stop" | { readonly batches: readonly Tensors[]; readonly forMs: number };

/** What each pass over the batches took. */
export type RawPasses = readonly number[];

const port = parentPort!;
const { graph } = workerData as RawSessionData;

async function serve(): Promise<void> {
  const session = await ort.InferenceSession.create(graph, { intraOpNumThreads: 1 });
  port.on("message", (order: RawOrder) => void obey(session, order).catch(crash));
  port.postMessage("ready");
}

async function obey(session: ort.InferenceSession, order: RawOrder): Promise<void> {
  if (order !== "stop") return port.postMessage(await repeat(session, order));
  await session.release();
  port.close();
}

async function repeat(
  session: ort.InferenceSession,
  { batches, forMs }: Exclude<RawOrder, "stop">,
): Promise<RawPasses> {
  const endMs = performance.now() + forMs;
  const passes: number[] = [];
  while (performance.now() < endMs) {
    const startMs = performance.now();
    for (const feeds of batches) await session.run(toRuntime(feeds));
    passes.push(performance.now() - startMs);
  }
  return passes;
}

function toRuntime(feeds: Tensors): Record<string, ort.Tensor> {
  const named = Object.entries(feeds).map(([name, { type, data, dims }]) => [
    name,
    new ort.Tensor(type, data as Int32Array, dims),
  ]);
  return Object.fromEntries(named);
}

/** Ends the thread with this error, which its owner gets to see. */
function crash(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

serve().catch(crash);

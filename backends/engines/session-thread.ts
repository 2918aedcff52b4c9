import type { Worker } from "node:worker_threads";
import { startWorker } from "../../models/start-worker.ts";
import type { Tensors } from "../../models/tensors.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { checkFeeds } from "./check-feeds.ts";
import { guardExit } from "./exit-guard.ts";
import { copyFrame } from "./frame.ts";
import { type Gate, leave } from "./gate.ts";
import { runFailure } from "./run-failure.ts";
import type { Answer, Loaded, Order, Ran, SessionPlan } from "./session-plan.ts";

/** A loaded and warm session in a thread of its own, seen from outside. */
export interface SessionThread extends Loaded {
  /** False as soon as it died or was told to stop. */
  isOpen(): boolean;
  /** Takes the frame. Rejects with a ServingError: UNAVAILABLE, at once, when the thread dies. */
  run(feeds: ArrayBuffer): Promise<Ran>;
  /** Resolves when the thread is gone, with what ended it: nothing did if it was told to stop. */
  readonly ended: Promise<Error | undefined>;
  /** Takes effect after the runs that were sent. Idempotent; resolves when the thread is gone. */
  stop(): Promise<void>;
  /**
   * For one that hangs in native code, where nothing can interrupt it. It counts as gone, its runs fail, and it does not
   * keep the process. Should it come back, it ends.
   */
  abandon(why: Error): void;
}

export interface OpenThreadOptions {
  readonly plan: SessionPlan;
  /** Run once each before the thread counts as open. */
  readonly warmUp: readonly Tensors[];
}

/** Rejects with what the runtime says of the graph, or with a ServingError for feeds that do not fit it. */
export async function openSessionThread({
  plan,
  warmUp,
}: OpenThreadOptions): Promise<SessionThread> {
  const { ask, tell, ...line } = connect(start(plan), plan.gate);
  const { inputs, outputs } = (await ask()) as Loaded;
  const run = async (feeds: ArrayBuffer): Promise<Ran> => {
    const answer = (await ask(feeds).catch(unavailable)) as Answer;
    if ("outputs" in answer) return answer;
    throw runFailure(answer.failure);
  };
  try {
    for (const feeds of warmUp) {
      checkFeeds(inputs, feeds);
      await run(copyFrame(inputs.map(({ name }) => feeds[name]!)));
    }
  } catch (error) {
    await line.stop();
    throw error;
  }
  tell("serve");
  return { inputs, outputs, run, ...line };
}

function start(plan: SessionPlan): Worker {
  return startWorker("session-worker", { beside: import.meta.url, data: plan });
}

interface Waiting {
  readonly resolve: (answer: Answer | Loaded) => void;
  readonly reject: (death: Error) => void;
}

/** A thread answers in order; what it says first answers what it was started with. */
function connect(worker: Worker, gate: Gate) {
  const { threadId } = worker;
  const unguard = guardExit(gate);
  const waiting: Waiting[] = [];
  let state: "open" | "stopping" | "gone" = "open";
  let death: Error | undefined;

  // One that was abandoned may answer late.
  worker.on("message", (answer: Answer | Loaded) => waiting.shift()?.resolve(answer));
  worker.on("error", (error: unknown) => {
    death = error instanceof Error ? error : new Error(String(error));
  });
  let end!: (death: Error | undefined) => void;
  const ended = new Promise<Error | undefined>((resolve) => (end = resolve));
  const gone = () => {
    state = "gone";
    for (const { reject } of waiting.splice(0))
      reject(death ?? new Error("the thread has stopped"));
    end(death);
  };
  worker.once("exit", (code) => {
    if (state === "open") death ??= new Error(`the thread exited with code ${code}`);
    unguard();
    // One that ran out of memory inside would keep the others out.
    leave(gate, threadId);
    gone();
  });

  const tell = (order: Order) =>
    worker.postMessage(order, order instanceof ArrayBuffer ? [order] : []);
  const ask = (order?: Order) =>
    new Promise<Answer | Loaded>((resolve, reject) => {
      if (state !== "open") return reject(death ?? new Error("the thread was told to stop"));
      waiting.push({ resolve, reject });
      if (order !== undefined) tell(order);
    });
  const tellToStop = () => {
    if (state !== "open") return;
    state = "stopping";
    tell("stop");
  };
  const stop = async () => {
    tellToStop();
    await ended;
  };
  const abandon = (why: Error) => {
    if (state === "gone") return;
    tellToStop();
    worker.unref();
    death = why;
    gone();
  };
  return { ask, tell, stop, abandon, ended, isOpen: () => state === "open" };
}

function unavailable(cause: Error): never {
  const message = "the engine lost the thread that this ran in and replaces it; try another";
  throw new ServingError("UNAVAILABLE", message, { cause });
}

import { parentPort, threadId, workerData } from "node:worker_threads";
import { enter, leave } from "./gate.ts";
import { lowerPriority } from "./low-priority.ts";
import { openSession, type Session } from "./open-session.ts";
import type { Answer, Loaded, Order, SessionPlan } from "./session-plan.ts";

/*
 * The thread of one session. Its imports are few, so that it starts fast. It ends by itself after "stop":
 * terminating it inside ONNX Runtime would abort the process.
 */

const plan = workerData as SessionPlan;
const port = parentPort!;

async function serve(): Promise<void> {
  const normalPriority = plan.lowPriorityLoad ? lowerPriority() : () => {};
  const session = await inside(() => openSession(plan));
  const { inputs, outputs } = session;
  let turn = Promise.resolve();
  port.on("message", (order: Order) => {
    // After an order that failed, none is obeyed any more.
    turn = turn.then(() => obey(order, { session, normalPriority }));
    turn.catch(crash);
  });
  port.postMessage({ inputs, outputs } satisfies Loaded);
}

interface Serving {
  readonly session: Session;
  readonly normalPriority: () => void;
}

async function obey(order: Order, { session, normalPriority }: Serving): Promise<void> {
  if (order instanceof ArrayBuffer) {
    const answer = await answerTo(order, session);
    port.postMessage(answer, "outputs" in answer ? [answer.outputs] : []);
  } else if (order === "serve") {
    normalPriority();
  } else if (order === "stop") {
    await inside(() => session.release());
    port.close();
  } else {
    throw new Error(`a session's thread was sent ${String(order)}`);
  }
}

async function answerTo(feeds: ArrayBuffer, session: Session): Promise<Answer> {
  const startedMs = performance.now();
  try {
    const outputs = await inside(() => session.run(feeds));
    return { outputs, runMs: performance.now() - startedMs };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

async function inside<Result>(native: () => Promise<Result>): Promise<Result> {
  enter(plan.gate, threadId);
  try {
    return await native();
  } finally {
    leave(plan.gate, threadId);
  }
}

/** Ends the thread with this error, which its owner gets to see. */
function crash(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

serve().catch(crash);

import { ServingError } from "../../proto/serving-error.ts";
import type { RunCall } from "../engine.ts";
import type { SessionThread } from "./session-thread.ts";

/** Hands frames to threads: first come first served, to the thread with the least to do. */
export interface RunQueue {
  /** Rejects with a ServingError. A frame whose call is over when its turn comes is not sent. */
  send(feeds: ArrayBuffer, call: RunCall): Promise<ArrayBuffer>;
  /** To be called when a thread opened or died. */
  changed(): void;
}

export interface RunQueueOptions {
  /** Those that are open. */
  readonly threads: () => readonly SessionThread[];
  /** Why runs are refused when there are none. */
  readonly unavailable: () => ServingError;
  readonly maxWaiting: number;
}

/** One runs; one lies ready in the thread's own queue, so that it need not wait for this thread in between. */
const maxPending = 2;

interface Waiting {
  readonly call: RunCall;
  readonly start: (thread: SessionThread) => void;
  readonly refuse: (error: ServingError) => void;
}

export function createRunQueue(options: RunQueueOptions): RunQueue {
  const { threads, unavailable, maxWaiting } = options;
  let queue: Waiting[] = [];

  const free = (): SessionThread | undefined => {
    let least: SessionThread | undefined;
    for (const thread of threads()) {
      if (thread.pending() < (least?.pending() ?? maxPending)) least = thread;
    }
    return least;
  };

  const run = async (thread: SessionThread, feeds: ArrayBuffer): Promise<ArrayBuffer> => {
    try {
      return await thread.run(feeds);
    } finally {
      changed();
    }
  };

  const changed = () => {
    dropThoseOver();
    if (queue.length > 0 && threads().length === 0) {
      for (const { refuse } of queue.splice(0)) refuse(unavailable());
    }
    for (let thread = free(); thread !== undefined && queue.length > 0; thread = free()) {
      queue.shift()!.start(thread);
    }
  };

  const dropThoseOver = () => {
    queue = queue.filter(({ call, refuse }) => {
      const over = callIsOver(call);
      if (over !== undefined) refuse(over);
      return over === undefined;
    });
  };

  return {
    changed,
    send: async (feeds, call) => {
      changed();
      const thread = free();
      if (thread !== undefined) return run(thread, feeds);
      if (threads().length === 0) throw unavailable();
      if (queue.length >= maxWaiting) throw full(maxWaiting);
      return new Promise((resolve, reject) => {
        queue.push({ call, start: (thread) => resolve(run(thread, feeds)), refuse: reject });
      });
    },
  };
}

/** Nobody waits for the answer of this call any more. */
export function callIsOver({ signal, deadlineMs }: RunCall): ServingError | undefined {
  if (signal.aborted) {
    return new ServingError("CANCELLED", "the call was cancelled before the engine could run it");
  }
  if (performance.now() < deadlineMs) return undefined;
  return new ServingError(
    "DEADLINE_EXCEEDED",
    "the deadline passed before the engine could run this",
  );
}

function full(maxWaiting: number): ServingError {
  const message = `${maxWaiting} runs wait for the engine already; try again later`;
  return new ServingError("RESOURCE_EXHAUSTED", message);
}

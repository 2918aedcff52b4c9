import { ServingError } from "../../proto/serving-error.ts";
import type { EngineSession, RunCall } from "../engine.ts";
import { createSessionRuns, freeFirst, type SessionRuns } from "../session-runs.ts";
import type { Ran } from "./session-plan.ts";
import type { SessionThread } from "./session-thread.ts";

/** Hands frames to threads: first come first served, to the thread that is free first. */
export interface RunQueue {
  /** One for each thread that is open. */
  sessions(): readonly EngineSession[];
  /** Rejects with a ServingError. A frame whose call is over when its turn comes is not sent. */
  send(feeds: ArrayBuffer, call: RunCall): Promise<Ran>;
  /** To be called when a thread opened or died. */
  changed(): void;
}

export interface RunQueueOptions {
  readonly threads: () => readonly SessionThread[];
  /** Why runs are refused when there are none. */
  readonly unavailable: () => ServingError;
  readonly maxWaiting: number;
  /** Default: `performance.now`. */
  readonly now?: () => number;
}

/** One runs; one lies ready in the thread's own queue, so that it need not wait for this thread in between. */
const maxRuns = 2;

interface Place {
  readonly thread: SessionThread;
  readonly runs: SessionRuns;
}

interface Waiting {
  readonly call: RunCall;
  readonly start: (place: Place) => void;
  readonly refuse: (error: ServingError) => void;
}

export function createRunQueue(options: RunQueueOptions): RunQueue {
  const { threads, unavailable, maxWaiting, now = () => performance.now() } = options;
  let places: readonly Place[] = [];
  let sessions: readonly SessionRuns[] = [];
  let queue: Waiting[] = [];

  const free = (): Place | undefined => {
    const session = freeFirst(
      sessions.filter(({ runs }) => runs < maxRuns),
      now(),
    );
    return places.find(({ runs }) => runs === session);
  };

  const run = async ({ thread, runs }: Place, feeds: ArrayBuffer, expectedMs = 0): Promise<Ran> => {
    runs.sent(expectedMs, now());
    try {
      return await thread.run(feeds);
    } finally {
      runs.ended(now());
      changed();
    }
  };

  const changed = () => {
    places = threads().map(
      (thread) => places.find((place) => place.thread === thread) ?? at(thread),
    );
    sessions = places.map(({ runs }) => runs);
    dropThoseOver();
    if (queue.length > 0 && places.length === 0) {
      for (const { refuse } of queue.splice(0)) refuse(unavailable());
    }
    for (let place = free(); place !== undefined && queue.length > 0; place = free()) {
      queue.shift()!.start(place);
    }
  };

  const dropThoseOver = () => {
    queue = queue.filter(({ call, refuse }) => {
      const over = callIsOver(call, now());
      if (over !== undefined) refuse(over);
      return over === undefined;
    });
  };

  return {
    sessions: () => sessions,
    changed,
    send: async (feeds, call) => {
      changed();
      const place = free();
      if (place !== undefined) return run(place, feeds, call.expectedMs);
      if (places.length === 0) throw unavailable();
      if (queue.length >= maxWaiting) throw full(maxWaiting);
      return new Promise((resolve, reject) => {
        const start = (place: Place) => resolve(run(place, feeds, call.expectedMs));
        queue.push({ call, start, refuse: reject });
      });
    },
  };
}

function at(thread: SessionThread): Place {
  return { thread, runs: createSessionRuns() };
}

/** Nobody waits for the answer of this call any more. */
export function callIsOver(
  { signal, deadlineMs }: RunCall,
  nowMs: number,
): ServingError | undefined {
  if (signal.aborted) {
    return new ServingError("CANCELLED", "the call was cancelled before the engine could run it");
  }
  if (nowMs < deadlineMs) return undefined;
  return new ServingError(
    "DEADLINE_EXCEEDED",
    "the deadline passed before the engine could run this",
  );
}

function full(maxWaiting: number): ServingError {
  const message = `${maxWaiting} runs wait for the engine already; try again later`;
  return new ServingError("RESOURCE_EXHAUSTED", message);
}

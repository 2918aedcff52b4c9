import type { Tensors } from "../models/tensors.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Clock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import { createRunQueue } from "./engines/run-queue.ts";
import type { SessionThread } from "./engines/session-thread.ts";

export interface VirtualEngineOptions {
  readonly clock: Clock;
  readonly compute: (feeds: Tensors) => Tensors;
  /** What a run with these feeds takes. */
  readonly costMs: (feeds: Tensors) => number;
  /** Sessions. Default 1. */
  readonly workers?: number;
}

/** An engine with real queues, whose threads take time on a clock instead of computing. */
export function createVirtualEngine(options: VirtualEngineOptions): Engine {
  const { clock, compute, costMs, workers = 1 } = options;
  const threads = Array.from({ length: workers }, () => createVirtualThread(clock));
  const queue = createRunQueue({
    threads: () => threads,
    unavailable: () => new ServingError("UNAVAILABLE", "no threads"),
    maxWaiting: 64,
    now: () => clock.now(),
  });
  queue.changed();
  return {
    name: "virtual",
    inputs: [],
    outputs: [],
    sessions: () => queue.sessions(),
    isReady: () => true,
    async run(feeds, call) {
      const { runMs } = await queue.send(Float64Array.of(costMs(feeds)).buffer, call);
      call.ran?.(runMs);
      return compute(feeds);
    },
    close: async () => {},
  };
}

/** Each of its frames holds nothing but the ms that it takes. */
function createVirtualThread(clock: Clock): SessionThread {
  let freeAtMs = 0;
  return {
    inputs: [],
    outputs: [],
    isOpen: () => true,
    run(frame) {
      const runMs = new Float64Array(frame)[0]!;
      freeAtMs = Math.max(freeAtMs, clock.now()) + runMs;
      return new Promise((resolve) => {
        clock.at(freeAtMs, () => resolve({ outputs: frame, runMs }));
      });
    },
    ended: new Promise(() => {}),
    stop: async () => {},
    abandon: () => {},
  };
}

import { ServingError } from "../../proto/serving-error.ts";
import type { Ran } from "./session-plan.ts";
import type { SessionThread } from "./session-thread.ts";

/** A session's thread that acts only when told. */
export interface PuppetThread extends SessionThread {
  /** Frames that wait for their answer, oldest first. */
  readonly sent: readonly ArrayBuffer[];
  /** Gives the oldest frame back as its answer, after a run of so long by its own clock. Default 0. */
  answer(runMs?: number): void;
  die(why: Error): void;
}

interface Waiting {
  readonly frame: ArrayBuffer;
  readonly resolve: (ran: Ran) => void;
  readonly reject: (error: ServingError) => void;
}

export function puppetThread(): PuppetThread {
  const waiting: Waiting[] = [];
  let isOpen = true;
  let end: (why: Error | undefined) => void;
  const ended = new Promise<Error | undefined>((resolve) => {
    end = resolve;
  });
  const finish = (why: Error | undefined) => {
    isOpen = false;
    for (const { reject } of waiting.splice(0))
      reject(new ServingError("UNAVAILABLE", "thread lost", { cause: why }));
    end(why);
  };
  return {
    inputs: [],
    outputs: [],
    ended,
    isOpen: () => isOpen,
    run: (frame) => new Promise((resolve, reject) => waiting.push({ frame, resolve, reject })),
    stop: async () => finish(undefined),
    abandon: finish,
    get sent() {
      return waiting.map(({ frame }) => frame);
    },
    answer: (runMs = 0) => {
      const { frame, resolve } = waiting.shift()!;
      resolve({ outputs: frame, runMs });
    },
    die: finish,
  };
}

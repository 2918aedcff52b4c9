import { setTimeout as delay } from "node:timers/promises";

export interface RepeatOptions {
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

export interface Repeated {
  /** Once more, right after what is under way. */
  now(): void;
  /** Settles after the signal aborted, when nothing is under way. */
  readonly done: Promise<void>;
}

/** Does it at once, then every so often and when asked; never twice at a time. It must not reject. */
export function repeat(work: () => Promise<void>, { everyMs, signal }: RepeatOptions): Repeated {
  let isWanted = false;
  let wake: (() => void) | undefined;

  async function pause(): Promise<void> {
    if (isWanted) return;
    const woken = new AbortController();
    wake = () => woken.abort();
    const either = AbortSignal.any([signal, woken.signal]);
    await delay(everyMs, undefined, { signal: either, ref: false }).catch(() => {});
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      isWanted = false;
      await work();
      await pause();
    }
  }

  return {
    now() {
      isWanted = true;
      wake?.();
    },
    done: run(),
  };
}

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

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      isWanted = false;
      await work();
      if (!isWanted && !signal.aborted) await pause();
    }
  }

  signal.addEventListener("abort", () => wake?.(), { once: true });
  return {
    now() {
      isWanted = true;
      wake?.();
    },
    done: run(),
  };
}

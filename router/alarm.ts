/** Wakes who waits for it, before the time that he wanted to sleep. Keeps no process alive. */
export interface Alarm {
  readonly ring: () => void;
  /** Resolves after that time, or when it rings: at once, if it rang since the last wait. One at a time. */
  readonly wait: (ms: number) => Promise<void>;
}

export function createAlarm(): Alarm {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async wait(ms) {
      if (!hasRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms).unref();
          wake = () => (clearTimeout(timer), resolve());
        });
      hasRung = false;
    },
  };
}

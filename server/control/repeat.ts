import { createAlarm } from "../../router/alarm.ts";

export interface RepeatOptions {
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

export interface Repeated {
  /** Once more, right after what is under way. */
  readonly now: () => void;
  /** Settles after the signal aborted, when nothing is under way. */
  readonly done: Promise<void>;
}

/** Does it at once, then every so often and when asked; never twice at a time. It must not reject. */
export function repeat(work: () => Promise<void>, { everyMs, signal }: RepeatOptions): Repeated {
  const alarm = createAlarm();

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await work();
      await alarm.wait(everyMs);
    }
  }

  signal.addEventListener("abort", alarm.ring, { once: true });
  return { now: alarm.ring, done: run() };
}

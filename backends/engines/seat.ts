import { setTimeout as sleep } from "node:timers/promises";
import type { SessionThread } from "./session-thread.ts";

/** One thread's place in an engine: a thread that dies is replaced. */
export interface Seat {
  /** Absent while it is being replaced. */
  thread(): SessionThread | undefined;
  /** Resolves when the thread has answered what it was sent and is gone. */
  close(): Promise<void>;
  /** Leaves a thread that hangs to itself, and stops one that is still being opened when it is. */
  abandon(why: Error): void;
}

export interface SeatOptions {
  readonly open: () => Promise<SessionThread>;
  /** The thread died, or its replacement did not open; the next one starts in `restartMs`. */
  readonly lost: (why: Error, restartMs: number) => void;
  readonly opened: () => void;
  readonly now?: () => number;
  /** Rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A thread that lived this long was not part of a crash loop. */
const stableMs = 60_000;

/** At once after a first death, then ever later, as Kubernetes does it. It never gives up: what was missing may come back. */
export function restartDelayMs(deathsInARow: number): number {
  return deathsInARow <= 1 ? 0 : Math.min(30_000, 100 * 2 ** (deathsInARow - 2));
}

export function createSeat(first: SessionThread, options: SeatOptions): Seat {
  const { open, lost, opened, now = () => performance.now(), wait = waitUnlessClosed } = options;
  const closing = new AbortController();
  let thread: SessionThread | undefined = first;

  /** From opening until death; resolves with what ended or prevented it. */
  const lifeOf = async (attempt: Promise<SessionThread>): Promise<Error> => {
    try {
      thread = await attempt;
      if (closing.signal.aborted) await thread.stop();
      else opened();
      return (await thread.ended) ?? new Error("the thread was told to stop");
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      thread = undefined;
    }
  };

  const keep = async (): Promise<void> => {
    let deaths = 0;
    let attempt = Promise.resolve(first);
    for (;;) {
      const startedMs = now();
      const why = await lifeOf(attempt);
      if (closing.signal.aborted) return;
      deaths = now() - startedMs > stableMs ? 1 : deaths + 1;
      const restartMs = restartDelayMs(deaths);
      lost(why, restartMs);
      try {
        await wait(restartMs, closing.signal);
      } catch {
        return;
      }
      attempt = open();
    }
  };

  const kept = keep();
  return {
    thread: () => (thread?.isOpen() === true ? thread : undefined),
    close: async () => {
      closing.abort();
      await thread?.stop();
      await kept;
    },
    abandon(why) {
      closing.abort();
      thread?.abandon(why);
    },
  };
}

function waitUnlessClosed(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal });
}

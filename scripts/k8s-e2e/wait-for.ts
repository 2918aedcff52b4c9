import { setTimeout as sleep } from "node:timers/promises";

export interface Waiting {
  /** What is waited for, as a clause: "the pods are ready". */
  readonly what: string;
  /** Default 120 s. */
  readonly withinMs?: number;
}

const pollMs = 300;

/** What `look` resolves to when it no longer throws; rejects with what it threw last. */
export async function waitFor<Found>(
  { what, withinMs = 120_000 }: Waiting,
  look: () => Promise<Found>,
): Promise<Found> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      if (performance.now() > untilMs) {
        const { message } = error as Error;
        throw new Error(`not within ${withinMs / 1_000} s: ${what}; last seen: ${message}`, {
          cause: error,
        });
      }
    }
    await sleep(pollMs);
  }
}

/** What `look` throws when waiting longer is of no use. */
export class Hopeless extends Error {}

/** For `look`, to tell what it saw instead. */
export function notYet(seen: string): never {
  throw new Error(seen);
}

import { setTimeout as delay } from "node:timers/promises";

/** @returns Whether it settled in time; rejects when it does. */
export async function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const settled = new AbortController();
  const late = delay(ms, false, { signal: settled.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    settled.abort();
  }
}

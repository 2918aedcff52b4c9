import { setTimeout as sleep } from "node:timers/promises";

/** Whether it came to hold within the time. */
export async function waitUntil(holds: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  while (performance.now() < untilMs) {
    if (await holds().catch(() => false)) return true;
    await sleep(100);
  }
  return false;
}

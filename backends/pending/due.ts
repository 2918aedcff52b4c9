/**
 * When an answer must leave so that it arrives by its deadline: `marginMs` before it, but of a short deadline no more
 * than a quarter.
 */
export function dueMs(deadlineMs: number, nowMs: number, marginMs: number): number {
  const leftMs = Math.max(0, deadlineMs - nowMs);
  return deadlineMs - Math.min(marginMs, leftMs / 4);
}

const firstMs = 100;
const growth = 1.6;
const longestMs = 5_000;
/** So that callers of one server do not all come back at once. */
const jitter = 0.2;

/** How long to wait after so many attempts in vain, at least 1. */
export function backoffMs(attempts: number, random: () => number = Math.random): number {
  const meanMs = Math.min(longestMs, firstMs * growth ** (attempts - 1));
  return meanMs * (1 + jitter * (2 * random() - 1));
}

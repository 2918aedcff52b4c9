/** A worker that lived that long died of something else than its start. */
const settledMs = 60_000;
const firstMs = 250;
const longestMs = 10_000;
/** In a row, each before it had settled. */
const most = 8;

export interface Lives {
  /** How long each worker in this place lived, the last one last. */
  readonly livedMs: readonly number[];
}

/** How long to wait before the next worker; undefined: it makes no sense to go on. */
export function restartDelay({ livedMs }: Lives): number | undefined {
  const settled = livedMs.findLastIndex((ms) => ms >= settledMs);
  const inARow = livedMs.length - 1 - settled;
  if (inARow > most) return undefined;
  return inARow <= 1 ? firstMs : Math.min(longestMs, firstMs * 2 ** (inARow - 1));
}

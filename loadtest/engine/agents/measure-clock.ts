/** How far another machine's clock is ahead of this one's. */
export interface ClockOffset {
  readonly aheadMs: number;
  /** By how much that may be wrong: the answer was made at some moment between the asking and its arrival. */
  readonly errorMs: number;
  /** Of the fastest asking. */
  readonly roundTripMs: number;
}

const askings = 12;

/**
 * Asks again and again, and believes the fastest answer.
 * @param ask What the other clock shows.
 * @param nowMs What this one shows.
 */
export async function measureClock(
  ask: () => Promise<number>,
  nowMs: () => number,
): Promise<ClockOffset> {
  let best: ClockOffset = { aheadMs: 0, errorMs: Infinity, roundTripMs: Infinity };
  for (let asking = 0; asking < askings; asking++) {
    const sentMs = nowMs();
    const otherMs = await ask();
    const roundTripMs = nowMs() - sentMs;
    if (roundTripMs >= best.roundTripMs) continue;
    const errorMs = roundTripMs / 2;
    best = { aheadMs: otherMs - (sentMs + errorMs), errorMs, roundTripMs };
  }
  return best;
}

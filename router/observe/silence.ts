/** Routers report every second: one that was not heard of for that long is not known to live. */
export const silentAfterMs = 5_000;
/** What a router held that was heard of within that time, it may hold still. */
const recentMs = 30_000;

/** How long a store has not heard of a router, by the store's own clock: the clocks of routers and people may differ. */
export interface Silence {
  readonly silentMs: number;
}

/** It may be dead, or cut off and serving by what it had. */
export function isSilent({ silentMs }: Silence): boolean {
  return silentMs >= silentAfterMs;
}

/** A store that lost what this router holds must be healed; by one that is long gone nothing is held up. */
export function isRecent({ silentMs }: Silence): boolean {
  return silentMs < recentMs;
}

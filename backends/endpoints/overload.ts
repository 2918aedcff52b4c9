import type { Clock } from "../clock.ts";

/** Tells an overload from a moment's pause, after which calls look old that are about to be answered. */
export interface Overload {
  /** A call would be late by prediction: whether that has been so for a while. */
  isLasting(model: string, version: string): boolean;
}

interface Episode {
  readonly startedMs: number;
  lastMs: number;
}

const patienceMs = 200;
/** Without a late call for so long, it is over. */
const episodeEndMs = 1_000;

export function createOverload(clock: Clock): Overload {
  const episodes = new Map<string, Episode>();
  return {
    isLasting(model, version) {
      const key = JSON.stringify([model, version]);
      const nowMs = clock.now();
      const before = episodes.get(key);
      const isNew = before === undefined || nowMs - before.lastMs > episodeEndMs;
      const episode = isNew ? { startedMs: nowMs, lastMs: nowMs } : before;
      episode.lastMs = nowMs;
      episodes.set(key, episode);
      return nowMs - episode.startedMs >= patienceMs;
    },
  };
}

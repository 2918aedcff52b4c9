import { unhurried, type GraphRunner } from "./graph-runner.ts";
import type { TimingFeeds } from "./latency.ts";

export interface RaceOptions {
  readonly feeds: TimingFeeds;
  /** Of the batch. */
  readonly rows: number;
  /** Milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const rounds = 15;

/**
 * Milliseconds that each needs for a batch. They take turns, and the least of each counts: what else the machine does may slow a run
 * down, and never speeds one up.
 */
export async function race(
  runners: readonly GraphRunner[],
  { feeds, rows, now = () => performance.now() }: RaceOptions,
): Promise<readonly number[]> {
  const least = runners.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [i, runner] of runners.entries()) {
      const batch = feeds(rows);
      const start = now();
      await runner.run(batch, unhurried);
      least[i] = Math.min(least[i]!, now() - start);
    }
  }
  return least;
}

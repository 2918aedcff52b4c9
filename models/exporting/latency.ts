import type { Latency } from "../bundle/passport.ts";
import { instructionSet } from "../instruction-set.ts";
import type { Tensors } from "../tensors.ts";
import { unhurried } from "./graph-runner.ts";
import type { GraphRunner } from "./graph-runner.ts";

/** As many rows as wanted of what the model is asked most: the top 10 of the whole catalogue. */
export type TimingFeeds = (rows: number) => Tensors;

export interface LatencyOptions {
  readonly items: number;
  readonly feeds: TimingFeeds;
  /** With which the runner was opened. */
  readonly threads: number;
  /** Larger batches are never served. Default: there is no such limit. */
  readonly largestBatch?: number | undefined;
  /** Milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const batchSizes = [1, 8, 32, 128];
const rounds = 5;
/** A larger batch would say more about the memory allocator than about the model. */
const maxScoreBytes = 256 * 2 ** 20;

/** Median times by batch size. */
export async function measureLatency(
  runner: GraphRunner,
  options: LatencyOptions,
): Promise<Latency> {
  const { items, threads, largestBatch = Infinity, now = () => performance.now() } = options;
  const most = Math.min(largestBatch, maxScoreBytes / (4 * items));
  const sizes = batchSizes.filter((rows) => rows === 1 || rows <= most);
  const times = new Map<number, number[]>(sizes.map((rows) => [rows, []]));
  // One round more, unrecorded, warms up; the sizes take turns, so that a busy moment does not hit one of them alone.
  for (let round = -1; round < rounds; round++) {
    for (const [rows, ms] of times) {
      const feeds = options.feeds(rows);
      const start = now();
      await runner.run(feeds, unhurried);
      if (round >= 0) ms.push(now() - start);
    }
  }
  const batchMs = Object.fromEntries([...times].map(([rows, ms]) => [rows, median(ms)]));
  return { isa: await instructionSet(), threads, batchMs };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

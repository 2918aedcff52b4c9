import type { Latency } from "../../bundle/passport.ts";
import { instructionSet } from "../../instruction-set.ts";
import { encodeRows } from "../encode-rows.ts";
import type { TwoTowerShape } from "../weights.ts";
import { unhurried } from "./graph-runner.ts";
import type { GraphRunner } from "./graph-runner.ts";

export interface LatencyOptions {
  readonly shape: TwoTowerShape;
  /** With which the runner was opened. */
  readonly threads: number;
  /** Milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const batchSizes = [1, 8, 32, 128];
const rounds = 5;
/** A larger batch would say more about the memory allocator than about the model. */
const maxScoreBytes = 256 * 2 ** 20;

/** Median times of the whole catalogue for known users, top 10. */
export async function measureLatency(
  runner: GraphRunner,
  options: LatencyOptions,
): Promise<Latency> {
  const { shape, threads, now = () => performance.now() } = options;
  const sizes = batchSizes.filter((rows) => rows === 1 || 4 * rows * shape.items <= maxScoreBytes);
  const times = new Map<number, number[]>(sizes.map((rows) => [rows, []]));
  // One round more, unrecorded, warms up; the sizes take turns, so that a busy moment does not hit one of them alone.
  for (let round = -1; round < rounds; round++) {
    for (const [rows, ms] of times) {
      const feeds = feedsOf(shape, rows);
      const start = now();
      await runner.run(feeds, unhurried);
      if (round >= 0) ms.push(now() - start);
    }
  }
  const batchMs = Object.fromEntries([...times].map(([rows, ms]) => [rows, median(ms)]));
  return { isa: await instructionSet(), threads, batchMs };
}

function feedsOf({ users, items }: TwoTowerShape, rows: number) {
  const shape = { history: 0, candidates: 0, fetch: Math.min(10, items) };
  const row = (user: number) => ({ user, shape, history: new Int32Array(), candidates: undefined });
  return encodeRows(
    Array.from({ length: rows }, (_, i) => row(users === 0 ? -1 : i % users)),
    items,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

import type { Lane } from "./lane.ts";
import type { VariantSettings } from "./settings.ts";
import { widthOf } from "./shape.ts";

export interface BatchLimits extends Pick<
  VariantSettings,
  "itemDims" | "userDims" | "heads" | "hidden" | "survivorsPerResult" | "largestBatch"
> {
  readonly itemCount: number;
  /** For all intermediates of a run. */
  readonly intermediateBytes: number;
}

/** Positions of a batch beyond which it only adds latency: 32 sequences of 200. */
const bestPositions = 6_400;
/** Beyond it, short sequences gain nothing either. */
const bestRows = 128;
/** Vectors of a position that exist at the same time: its own, the norm's, queries, keys, values and what was attended. */
const vectorsOfPosition = 6;

export function maxBatch(lane: Lane, limits: BatchLimits): number {
  const rows = Math.min(
    bestRows,
    Math.ceil(bestPositions / lane.length),
    Math.floor(limits.intermediateBytes / rowBytes(lane, limits)),
  );
  return Math.max(1, Math.min(rows, limits.largestBatch ?? rows));
}

export function rowBytes({ length, candidates, fetch }: Lane, limits: BatchLimits): number {
  const { itemDims, itemCount, heads, hidden, survivorsPerResult } = limits;
  const positions = length * (vectorsOfPosition * widthOf(limits) + hidden);
  // The mask, and of every head the scores before and after the softmax.
  const attention = length * length * (1 + 2 * heads);
  const survivors = candidates > 0 ? 0 : Math.min(survivorsPerResult * fetch, itemCount);
  const scored = (candidates + survivors) * itemDims + (candidates > 0 ? candidates : itemCount);
  return 4 * (positions + attention + scored);
}

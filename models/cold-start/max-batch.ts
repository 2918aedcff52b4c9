import type { Lane } from "./lane.ts";
import type { VariantSettings } from "./settings.ts";
import type { TextTower } from "./tower.ts";

export interface BatchLimits extends Pick<
  VariantSettings,
  "dims" | "hidden" | "survivorsPerResult" | "scoredAtOnce" | "largestBatch"
> {
  readonly tower: Pick<TextTower, "bytesOfTrack" | "tracksPerRun">;
  readonly itemCount: number;
  /** For all intermediates of a run. */
  readonly intermediateBytes: number;
}

/** Dot products gain up to here and hardly further. */
const bestBatch = 128;

export function maxBatch(lane: Lane, limits: BatchLimits): number {
  const rows = Math.min(bestBatch, Math.floor(limits.intermediateBytes / rowBytes(lane, limits)));
  const inTime = Math.floor((limits.tower.tracksPerRun ?? Infinity) / Math.max(1, lane.fresh));
  return Math.max(1, Math.min(rows, limits.largestBatch ?? rows, inTime));
}

export function rowBytes({ known, fresh, length, candidates, fetch }: Lane, limits: BatchLimits) {
  const { dims, hidden, survivorsPerResult, itemCount, tower } = limits;
  const survivors = candidates > 0 ? 0 : Math.min(survivorsPerResult * fetch, itemCount);
  const scores =
    candidates > 0 ? candidates : Math.min(limits.scoredAtOnce ?? itemCount, itemCount);
  // Of each vector what is stored and what it is in float32; of each new track its text, and the projector's inside twice.
  const vectors = 2 * (known + candidates + survivors) * dims;
  const projected = fresh * 3 * hidden;
  return 4 * (vectors + projected + scores) + fresh * tower.bytesOfTrack(length);
}

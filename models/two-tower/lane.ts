import { fetchFor, paddedLength } from "../ranking/padded-length.ts";

/**
 * The shapes that one row needs. They are made of the row's own lengths only and all rows of a batch share them,
 * so the kernels see the same row-wise work whoever else is in the batch.
 */
export interface Lane {
  /** Padded history length; 0 when the user is known and his own vector scores. */
  readonly history: number;
  /** Padded candidate count; 0 = the whole catalogue. */
  readonly candidates: number;
  /** How many results the graph returns. */
  readonly fetch: number;
}

export interface RowSizes {
  readonly historyLength: number;
  readonly candidateCount: number;
  /** Results wanted, with those that will be filtered out afterwards. */
  readonly wanted: number;
  readonly itemCount: number;
}

export function laneFor(sizes: RowSizes): Lane {
  const candidates = paddedLength(sizes.candidateCount);
  const most = candidates > 0 ? candidates : sizes.itemCount;
  return {
    history: paddedLength(sizes.historyLength),
    candidates,
    fetch: fetchFor(sizes.wanted, most),
  };
}

export function laneKey(lane: Lane): string {
  return `${lane.history}/${lane.candidates}/${lane.fetch}`;
}

export function parseLane(key: string): Lane {
  const [history = 0, candidates = 0, fetch = 0] = key.split("/").map(Number);
  return { history, candidates, fetch };
}

export interface BatchLimits {
  /** Beyond it a batch only adds latency. */
  readonly bestBatch: number;
  /** For all intermediates of a run. */
  readonly intermediateBytes: number;
  readonly dims: number;
  readonly itemCount: number;
  /** Items that a quantized form rescores exactly for each result asked for; 0 where none are. */
  readonly survivorsPerResult: number;
}

export function maxBatch(lane: Lane, limits: BatchLimits): number {
  const vectors = lane.history + lane.candidates + survivors(lane, limits);
  const scores = lane.candidates > 0 ? lane.candidates : limits.itemCount;
  const rowBytes = vectors * limits.dims * 4 + scores * 4;
  return Math.max(1, Math.min(limits.bestBatch, Math.floor(limits.intermediateBytes / rowBytes)));
}

/** Items whose vectors are gathered for the exact scores. */
function survivors(lane: Lane, { survivorsPerResult, itemCount }: BatchLimits): number {
  return lane.candidates > 0 ? 0 : Math.min(survivorsPerResult * lane.fetch, itemCount);
}

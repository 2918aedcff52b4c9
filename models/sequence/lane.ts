import { fetchFor, paddedLength } from "../ranking/padded-length.ts";

/**
 * The shapes that one row needs. They are made of the row's own lengths only and all rows of a batch share them, so the kernels see
 * the same row-wise work whoever else is in the batch.
 */
export interface Lane {
  /** Padded length of the sequence. */
  readonly length: number;
  /** Padded candidate count; 0 = the whole catalogue. */
  readonly candidates: number;
  /** How many results the graph returns. */
  readonly fetch: number;
}

export interface RowSizes {
  /** At most the last of `lengths`. */
  readonly sequenceLength: number;
  readonly candidateCount: number;
  /** Results wanted, with those that will be filtered out afterwards. */
  readonly wanted: number;
}

export interface LaneRules {
  /** Ascending. */
  readonly lengths: readonly number[];
  readonly itemCount: number;
}

export function laneFor(sizes: RowSizes, { lengths, itemCount }: LaneRules): Lane {
  const candidates = paddedLength(sizes.candidateCount);
  return {
    length: lengths.find((length) => length >= sizes.sequenceLength)!,
    candidates,
    fetch: fetchFor(sizes.wanted, candidates > 0 ? candidates : itemCount),
  };
}

export function laneKey({ length, candidates, fetch }: Lane): string {
  return `${length}/${candidates}/${fetch}`;
}

export function parseLane(key: string): Lane {
  const [length = 0, candidates = 0, fetch = 0] = key.split("/").map(Number);
  return { length, candidates, fetch };
}

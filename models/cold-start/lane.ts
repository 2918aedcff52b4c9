import { fetchFor, paddedLength } from "../ranking/padded-length.ts";
import type { TextTower } from "./tower.ts";

/**
 * The shapes that one row needs. They are made of the row's own lengths only and all rows of a batch share them, so the kernels see
 * the same row-wise work whoever else is in the batch.
 */
export interface Lane {
  /** Padded count of known tracks. */
  readonly known: number;
  /** Padded count of tracks that nobody knows. */
  readonly fresh: number;
  /** Padded length of the lists that their names become. */
  readonly length: number;
  /** Padded candidate count; 0 = the whole catalogue. */
  readonly candidates: number;
  /** How many results the graph returns. */
  readonly fetch: number;
}

export interface RowSizes {
  readonly known: number;
  readonly fresh: number;
  /** The longest list of a name. */
  readonly longest: number;
  readonly candidateCount: number;
  /** Results wanted, with those that will be filtered out afterwards. */
  readonly wanted: number;
}

export interface LaneRules {
  readonly tower: Pick<TextTower, "lengths" | "counts">;
  readonly itemCount: number;
}

export function laneFor(sizes: RowSizes, { tower, itemCount }: LaneRules): Lane {
  const candidates = paddedLength(sizes.candidateCount);
  return {
    known: stepFrom(longSteps, sizes.known),
    fresh: stepFrom(tower.counts, sizes.fresh),
    length: tower.lengths.find((length) => length >= sizes.longest)!,
    candidates,
    fetch: fetchFor(sizes.wanted, candidates > 0 ? candidates : itemCount),
  };
}

export function laneKey({ known, fresh, length, candidates, fetch }: Lane): string {
  return `${known}/${fresh}/${length}/${candidates}/${fetch}`;
}

export function parseLane(key: string): Lane {
  const [known = 0, fresh = 0, length = 0, candidates = 0, fetch = 0] = key.split("/").map(Number);
  return { known, fresh, length, candidates, fetch };
}

/** Padded numbers of tracks that are looked up: a few more cost little next to the catalogue, and known and new multiply to lanes. */
export const longSteps = [0, 2, 8, 32, 128, 512];

/** Of ascending steps the first that is enough; beyond the last, a multiple of it. */
function stepFrom(steps: readonly number[], count: number): number {
  const last = steps.at(-1)!;
  return steps.find((step) => step >= count) ?? Math.ceil(count / last) * last;
}

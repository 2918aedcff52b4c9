import { fetchFor, paddedLength, powerOfTwoFrom } from "../ranking/padded-length.ts";

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
  /** The tower's. */
  readonly lengths: readonly number[];
  readonly itemCount: number;
}

export function laneFor(sizes: RowSizes, { lengths, itemCount }: LaneRules): Lane {
  const candidates = paddedLength(sizes.candidateCount);
  return {
    known: paddedTracks(sizes.known),
    fresh: paddedTracks(sizes.fresh),
    length: lengths.find((length) => length >= sizes.longest)!,
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

/** Known and new tracks multiply to kinds of lanes: steps are long, since a look-up more costs little next to the catalogue. */
const trackSteps = [0, 2, 8, 32, 128, 512];

function paddedTracks(count: number): number {
  return trackSteps.find((step) => step >= count) ?? powerOfTwoFrom(count);
}

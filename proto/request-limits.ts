/** What a request may ask for. More is refused with INVALID_ARGUMENT. */
export interface RequestLimits {
  /** Default 10,000. */
  readonly maxHistory: number;
  /** Default 10,000. */
  readonly maxCandidates: number;
  /** Default 10,000. */
  readonly maxExclude: number;
  /** Default 1,000. */
  readonly maxTracks: number;
  /** Default 1,000. */
  readonly maxTopK: number;
}

export const defaultRequestLimits: RequestLimits = {
  maxHistory: 10_000,
  maxCandidates: 10_000,
  maxExclude: 10_000,
  maxTracks: 1_000,
  maxTopK: 1_000,
};

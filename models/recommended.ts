import type { TrackCounts } from "../proto/gen/crossfade/v1/recommender.ts";

/**
 * What replies of one model version recommended since it was loaded. Only counts, so that it can be told to anybody; a
 * monitor reads them now and then.
 */
export interface Recommended {
  /** Items in the catalogue. */
  readonly itemCount: number;
  counts(): RecommendedCounts;
  /** How often the best score of a reply lay in each bin; bins that had none are left out. */
  topScores(): readonly ScoreBin[];
}

export interface RecommendedCounts {
  readonly items: number;
  /** Of these, how many are among the most popular hundredth of the catalogue, and tenth. */
  readonly inTopHundredth: number;
  readonly inTopTenth: number;
  /** Places by popularity, as shares of the catalogue: 0 is the most popular item. Their sum over `items`. */
  readonly rankShares: number;
  /** Different items recommended in the last full hour; in the first one, since it began. */
  readonly distinctItems: number;
  /** Item ids in the requests that were answered, known or not. */
  readonly requestIds: number;
  /** Tracks by name in these requests, by what became of them; absent as long as there were none. */
  readonly requestTracks?: TrackCounts;
}

export interface ScoreBin {
  /** Where the bin begins, seen from 0: "4.5" goes on to the next bin, "-4.5" down to it. */
  readonly from: number;
  readonly replies: number;
}

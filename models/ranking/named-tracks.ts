import type { TrackCounts } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { RequestView } from "../../proto/request-view.ts";

/** What became of the tracks that a request names. */
export interface NamedTracks {
  /** The items that they are, repeats and all. */
  readonly items: Int32Array;
  /** Where the request asks not to hear what it told: other items of the same names, as many as may be excluded. */
  readonly namesakes: Int32Array;
  /** undefined: the request names none. */
  readonly counts: TrackCounts | undefined;
}

/** Reads the tracks of a request; throws INVALID_ARGUMENT. */
export type ReadTracks<Tracks extends NamedTracks | undefined> = (view: RequestView) => Tracks;

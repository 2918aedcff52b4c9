import type { TrackCounts } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Row } from "../family.ts";

/** Where in a request the ids lie that the model does not know. */
export interface UnknownIds {
  readonly count: number;
  /** Of known and unknown ones together. */
  readonly idCount: number;
  /** Start and end of the first few. */
  readonly spans: Int32Array;
  readonly bytes: Uint8Array;
}

/** A row whose answer is items of a catalogue, ranked. */
export interface RankingRow extends Row {
  /** Item indexes to rank; undefined = the whole catalogue. */
  readonly candidates: Int32Array | undefined;
  /** Item indexes to leave out of the graph's results; candidates are already free of them. */
  readonly excluded: Int32Array;
  readonly topK: number;
  readonly unknown: UnknownIds;
  /** Of families that know tracks by name. */
  readonly tracks?: TrackCounts | undefined;
}

import type { TrackName } from "../names/track-name.ts";

/** How a model reads the names of tracks that nobody knows: what `DeclareTower` is in the graph. */
export interface TextTower {
  /** Of the graph, int32 [B, U, L] each: a name becomes one list of numbers for each of them. */
  readonly inputs: readonly string[];
  /** Follows the numbers of a list up to the padded length. A track that is not there is all padding. */
  readonly padding: number;
  /** The padded lengths, ascending; no list is longer than the last of them. */
  readonly lengths: readonly number[];
  /** The lists of one track, overwritten by the next read. Some number of it is not padding. */
  read(track: TrackName): readonly TextList[];
  /** The padded numbers of new tracks, ascending, from 0; beyond the last its multiples. */
  readonly counts: readonly number[];
  /** What one track takes of a run's memory. */
  bytesOfTrack(length: number): number;
  /** New tracks of a run, where it is they that take the time: no request waits for more of others. */
  readonly tracksPerRun?: number;
}

export interface TextList {
  readonly indexes: Int32Array;
  /** So many indexes are valid. */
  readonly count: number;
}

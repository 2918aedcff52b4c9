import type { Learnt } from "../baselines/learn.ts";
import type { Dataset, NamedTrack, PlaylistData, SequenceData } from "../data/dataset.ts";
import type { Part } from "./part.ts";

/** A way to ask and to count that others have published figures of. */
export interface Protocol<Data extends Dataset = Dataset> {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly needs: Data["kind"];
  /** How far apart items may be to count as together, and how much of a history the baseline looks at. */
  readonly together: { readonly reach: number; readonly newest: number };
  parts(data: Data, options: ProtocolOptions): readonly Part[];
}

export interface ProtocolOptions {
  readonly learnt: Learnt;
  /** Of negatives that are not frozen with the data. */
  readonly seed: number;
  /** Of the model, which says what it can read. */
  readonly family: string;
  /** Nobody is told who asks: how newcomers are served. */
  readonly isAnonymous: boolean;
  /** Absent: not asked for; protocols of playlists need it. */
  readonly catalogue?: Catalogue;
}

/** What the first of the models can recommend. */
export interface Catalogue {
  /** Songs of the data and others. */
  readonly size: number;
  /** By which of its ids it can recommend a song of the data; none: not at all. */
  readonly idsOf: (track: NamedTrack) => readonly string[];
}

export type SequenceProtocol = Protocol<SequenceData>;
export type PlaylistProtocol = Protocol<PlaylistData>;

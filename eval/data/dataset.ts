/** One user's history, and what came next. */
export interface Case {
  /** Its place in the data, from 0: what is drawn for it depends on nothing else. */
  readonly place: number;
  /** "": the data does not say who it was. */
  readonly user: string;
  /** Everything before the target, oldest first. */
  readonly sequence: readonly string[];
  readonly target: string;
  /** Frozen with the data; some may stand there several times. */
  readonly negatives?: readonly string[];
}

/** Who chose what, in order: "what comes next?" */
export interface SequenceData {
  readonly kind: "sequences";
  readonly name: string;
  readonly cases: readonly Case[];
  /** What a model may have learnt from: baselines know nothing else. */
  readonly training: readonly (readonly string[])[];
  /** All ids of the data. */
  readonly items: readonly string[];
  /** What kind each item is, e.g. its genres; absent where the data does not say. */
  readonly kinds?: ReadonlyMap<string, readonly string[]>;
  /** What a reader of the figures must know. */
  readonly notes: readonly string[];
}

/** A song by its name: what has the very same title and artist under other ids is the same song. */
export interface NamedTrack {
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  /** Absent: none. */
  readonly otherIds?: readonly string[];
}

export function idsOf({ id, otherIds = [] }: NamedTrack): readonly string[] {
  return [id, ...otherIds];
}

/** Playlists of tracks by name: "what else belongs to it?" */
export interface PlaylistData {
  readonly kind: "playlists";
  readonly name: string;
  readonly tracks: readonly NamedTrack[];
  readonly training: readonly (readonly NamedTrack[])[];
  readonly playlists: readonly (readonly NamedTrack[])[];
  readonly notes: readonly string[];
}

export type Dataset = SequenceData | PlaylistData;

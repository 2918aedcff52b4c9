import { createFoldedName, type FoldedName } from "./folded-name.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";

/** The names of one track, folded, and where they came from. Kept and overwritten from track to track. */
export interface TrackName {
  readonly title: FoldedName;
  readonly artist: FoldedName;
  bytes: Uint8Array;
  titleStart: number;
  titleEnd: number;
  artistStart: number;
  artistEnd: number;
  /** @param offsets At `at`: start and end of the title, of the artist; equal where it is absent. As `RequestView.tracks` has them. */
  read(bytes: Uint8Array, offsets: Int32Array, at: number): void;
  readItem(catalogue: Catalogue, item: number): void;
}

export function createTrackName(): TrackName {
  const title = createFoldedName();
  const artist = createFoldedName();
  const fold = () => {
    title.fold(track.bytes, track.titleStart, track.titleEnd);
    artist.fold(track.bytes, track.artistStart, track.artistEnd);
  };
  const track: TrackName = {
    title,
    artist,
    bytes: new Uint8Array(),
    titleStart: 0,
    titleEnd: 0,
    artistStart: 0,
    artistEnd: 0,
    read(bytes, offsets, at) {
      track.bytes = bytes;
      track.titleStart = offsets[at]!;
      track.titleEnd = offsets[at + 1]!;
      track.artistStart = offsets[at + 2]!;
      track.artistEnd = offsets[at + 3]!;
      fold();
    },
    readItem(catalogue, item) {
      track.bytes = catalogue.bytes;
      track.titleStart = catalogue.titleStart(item);
      track.titleEnd = catalogue.titleEnd(item);
      track.artistStart = catalogue.artistStart(item);
      track.artistEnd = catalogue.artistEnd(item);
      fold();
    },
  };
  return track;
}

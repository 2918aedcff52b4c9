import type { TrackName } from "./track-name.ts";

/** A track as somebody names it; at most one of the two is empty. */
export interface NamedTrack {
  readonly title: string;
  readonly artist: string;
}

/** As a request has them: the title's bytes, then the artist's. */
export function readNames(track: TrackName, { title, artist }: NamedTrack): void {
  const bytes = Buffer.from(title + artist);
  const middle = Buffer.byteLength(title);
  track.read(bytes, Int32Array.of(0, middle, middle, bytes.length), 0);
}

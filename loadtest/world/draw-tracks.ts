import type { Random } from "../../models/random.ts";
import { memberOf, neighbourOf } from "./styles.ts";
import type { Style } from "./styles.ts";
import { drawStyle } from "./tastes.ts";
import type { Taste } from "./tastes.ts";

/** The tracks of artist a are a, a + artists, a + 2 * artists, and so on. */
export interface TrackCounts {
  readonly tracks: number;
  readonly artists: number;
}

/** What somebody who likes the style puts on a playlist. */
export function drawPlaylist(style: Style, counts: TrackCounts, random: Random): Int32Array {
  const mix = [
    { style, share: 0.85 },
    { style: neighbourOf(style, random), share: 0.15 },
  ];
  const tracks = new Int32Array(15 + random.below(30));
  return tracks.map(() => trackIn(drawStyle(mix, random), counts, random));
}

/** Stretches of one style each; within one, often the same artist again. */
export function drawListens(
  tastes: readonly Taste[],
  counts: TrackCounts,
  random: Random,
): Int32Array {
  const listens = new Int32Array(20 + random.below(80));
  let style = drawStyle(tastes, random);
  for (let i = 0; i < listens.length; i++) {
    if (random.below(8) === 0) style = drawStyle(tastes, random);
    const again = i > 0 && random.below(3) === 0;
    listens[i] = again
      ? trackBy(listens[i - 1]! % counts.artists, counts, random)
      : trackIn(style, counts, random);
  }
  return listens;
}

function trackIn(style: Style, counts: TrackCounts, random: Random): number {
  // Of fewer tracks than artists, some artists have none.
  const artists = Math.min(counts.artists, counts.tracks);
  return trackBy(memberOf(style, artists, { random, skewed: true }), counts, random);
}

function trackBy(artist: number, { tracks, artists }: TrackCounts, random: Random): number {
  return artist + artists * random.below(Math.ceil((tracks - artist) / artists));
}

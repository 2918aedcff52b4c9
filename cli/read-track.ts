import type { Track } from "../proto/gen/crossfade/v1/recommender.ts";

/** "Artist - Title", cut at its first " - ", or a title alone. */
export function readTrack(text: string): Track {
  const cut = text.indexOf(" - ");
  if (cut < 0) return { title: text.trim(), artist: "" };
  return { artist: text.slice(0, cut).trim(), title: text.slice(cut + 3).trim() };
}

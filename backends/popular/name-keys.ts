import { createNameKey } from "../../models/names/name-key.ts";
import { createTrackName } from "../../models/names/track-name.ts";
import type { Track } from "../../proto/gen/crossfade/v1/recommender.ts";

/** @returns The same text for names that mean the same work, as models match them. */
export function createNameKeys(): (name: Track) => string {
  const track = createTrackName();
  const key = createNameKey();
  return ({ title, artist }) => {
    const bytes = Buffer.from(title + artist);
    const titleEnd = Buffer.byteLength(title);
    track.read(bytes, Int32Array.of(0, titleEnd, titleEnd, bytes.length), 0);
    key.write(track, "close");
    return Buffer.from(key.bytes.buffer, key.bytes.byteOffset, key.length).toString("utf8");
  };
}

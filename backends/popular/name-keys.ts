import { createNameKey } from "../../models/names/name-key.ts";
import { readNames, type NamedTrack } from "../../models/names/read-names.ts";
import { createTrackName } from "../../models/names/track-name.ts";

/** @returns The same text for names that mean the same work, as models match them. */
export function createNameKeys(): (name: NamedTrack) => string {
  const track = createTrackName();
  const key = createNameKey();
  return (name) => {
    readNames(track, name);
    key.write(track, "close");
    return Buffer.from(key.bytes.buffer, key.bytes.byteOffset, key.length).toString("utf8");
  };
}

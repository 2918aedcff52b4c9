import { writeFileSync } from "node:fs";
import { createNameKey } from "../../../models/names/name-key.ts";
import { createTrackName } from "../../../models/names/track-name.ts";
import type { TrackTable } from "./read-tracks.ts";

/** One line for each track: equal where serving takes them for the same. The artist is behind a tab. */
export function writeKeys(file: string, table: TrackTable): void {
  const track = createTrackName();
  const key = createNameKey();
  const lines: Buffer[] = [];
  for (let i = 0; i < table.count; i++) {
    track.read(table.bytes, table.offsets, 4 * i);
    key.write(track, "close");
    lines.push(Buffer.from(key.bytes.subarray(0, key.length)), lineFeed);
  }
  writeFileSync(file, Buffer.concat(lines));
}

const lineFeed = Buffer.from("\n");

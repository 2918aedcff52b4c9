import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";

/** Tracks by name, as places in the bytes of a table. */
export interface TrackTable {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Four for each track: start and end of the title, of the artist. */
  readonly offsets: Int32Array;
}

const tab = 0x09;
const lineFeed = 0x0a;

/** Lines of `id`, `title`, `artist` with tabs between. @param file A path, or "-": standard input. */
export function readTracks(file: string): TrackTable {
  const bytes = readFileSync(file === "-" ? 0 : file);
  if (!isUtf8(bytes)) throw new Error(`${file} is not UTF-8`);
  const offsets: number[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    const title = bytes.indexOf(tab, start) + 1;
    const artist = bytes.indexOf(tab, title) + 1;
    const isLine = title > 0 && artist > title && artist <= end;
    if (!isLine || bytes.subarray(artist, end).includes(tab)) {
      const line = offsets.length / 4 + 1;
      throw new Error(
        `line ${line} of ${file} is not an id, a title and an artist with tabs between`,
      );
    }
    offsets.push(title, artist - 1, artist, end);
    start = end + 1;
  }
  return { bytes, count: offsets.length / 4, offsets: Int32Array.from(offsets) };
}

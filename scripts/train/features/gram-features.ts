import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { maxGrams, type GramList } from "../../../models/names/gram-list.ts";
import { createGrams } from "../../../models/names/grams.ts";
import { createTrackName } from "../../../models/names/track-name.ts";
import type { TrackTable } from "./read-tracks.ts";

/**
 * Writes the grams of each track's title and artist: `titles.i32` holds those of track i from offset i to offset i + 1.
 * @returns What tells of them.
 */
export function writeGramFeatures(folder: string, table: TrackTable, buckets: number) {
  const track = createTrackName();
  const grams = createGrams(buckets);
  const titles = createLists(table.count);
  const artists = createLists(table.count);
  for (let i = 0; i < table.count; i++) {
    track.read(table.bytes, table.offsets, 4 * i);
    grams.read(track);
    titles.add(grams.title);
    artists.add(grams.artist);
  }
  titles.write(join(folder, "title-offsets.i32"), join(folder, "titles.i32"));
  artists.write(join(folder, "artist-offsets.i32"), join(folder, "artists.i32"));
  return { kind: "grams", buckets, maxGrams };
}

function createLists(count: number) {
  const offsets = new Int32Array(count + 1);
  let indexes = new Int32Array(1024);
  let lists = 0;
  let used = 0;
  return {
    add(list: GramList) {
      if (used + list.count > indexes.length) {
        const grown = new Int32Array(2 * indexes.length);
        grown.set(indexes);
        indexes = grown;
      }
      for (let i = 0; i < list.count; i++) indexes[used++] = list.indexes[i]!;
      offsets[++lists] = used;
    },
    write(offsetsFile: string, indexesFile: string) {
      writeFileSync(offsetsFile, littleEndian(offsets));
      writeFileSync(indexesFile, littleEndian(indexes.subarray(0, used)));
    },
  };
}

/** As every machine that this runs on keeps them. */
function littleEndian({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

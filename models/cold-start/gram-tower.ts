import { maxGrams } from "../names/gram-list.ts";
import { createGrams } from "../names/grams.ts";
import { longSteps } from "./lane.ts";
import type { GramShape } from "./shape.ts";
import type { TextTower } from "./tower.ts";

/** Few short names share a batch with long ones, where two lengths are enough. */
const lengths = [maxGrams / 2, maxGrams];

/** Names by the n-grams of title and artist: `gramTower` in the graph. */
export function createGramTower({ buckets, dims }: Omit<GramShape, "kind">): TextTower {
  const grams = createGrams(buckets);
  const lists = [grams.title, grams.artist];
  return {
    inputs: ["titles", "artists"],
    padding: buckets,
    lengths,
    counts: longSteps,
    read(track) {
      grams.read(track);
      return lists;
    },
    // The rows as they are stored, and in float32.
    bytesOfTrack: (length) => lists.length * length * dims * 2 * Float32Array.BYTES_PER_ELEMENT,
  };
}

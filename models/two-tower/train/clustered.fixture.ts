import { Random } from "../../random.ts";
import { collectInteractions } from "./interactions.ts";
import type { Interactions } from "./interactions.ts";

export const clusters = 10;

export interface ClusteredCounts {
  readonly users: number;
  readonly items: number;
}

/** Users and items in ten clusters; of twelve choices about ten are of the user's own. */
export function clusteredInteractions(counts: ClusteredCounts): Interactions {
  const random = new Random(7);
  return collectInteractions(counts, (user) => {
    const choices = new Set<number>();
    while (choices.size < 12) {
      const cluster = random.below(6) > 0 ? user % clusters : random.below(clusters);
      choices.add(cluster + clusters * random.below(counts.items / clusters));
    }
    return Int32Array.from(choices);
  });
}

export const clusterOf = (index: number): number => index % clusters;

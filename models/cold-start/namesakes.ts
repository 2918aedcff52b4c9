import type { Found, NameIndex } from "../names/name-index.ts";
import type { IndexLists } from "../ranking/index-lists.ts";

export interface NamesakeRules {
  readonly names: NameIndex;
  /** Of all tracks of a request together. */
  readonly maxNamesakes: number;
}

/** The items of chains, the most popular of each first; each chain once, and in an order that is not the request's. */
export function createNamesakes({ names, maxNamesakes }: NamesakeRules, lists: IndexLists) {
  /** Where each ends, by where it starts. */
  const chains = new Map<number, number>();
  return {
    clear() {
      chains.clear();
    },
    add({ chainStart, chainEnd }: Found) {
      chains.set(chainStart, chainEnd);
    },
    take() {
      let count = 0;
      for (const [start, end] of chains) count += end - start;
      const taken = lists(Math.min(count, maxNamesakes));
      let at = 0;
      for (const start of [...chains.keys()].sort((a, b) => a - b)) {
        const end = Math.min(chains.get(start)!, start + taken.length - at);
        for (let from = start; from < end; from++) taken[at++] = names.items[from]!;
      }
      return taken;
    },
  };
}

import type { Spans } from "../../proto/spans.ts";
import { invalidUtf8, isUtf8Span } from "../../proto/utf8.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { IndexLists } from "./index-lists.ts";
import type { UnknownIds } from "./row.ts";

/** The reply counts every unknown id and names this many. */
const namedUnknownIds = 20;
const nothing = new Int32Array();

/** Turns ids into indexes, straight from the request's bytes, and remembers those that the catalogue lacks. */
export interface LookUp {
  begin(request: Uint8Array): void;
  /** The items of a list that there are, in its order, repeats and all. */
  known(ids: Spans): Int32Array;
  unknown(): UnknownIds;
}

export function createLookUp(items: IdIndex, lists: IndexLists): LookUp {
  let bytes: Uint8Array = new Uint8Array();
  let unknownCount = 0;
  let idCount = 0;
  const unknownSpans = new Int32Array(2 * namedUnknownIds);

  const addUnknown = (where: () => string, start: number, end: number) => {
    if (!isUtf8Span(bytes, start, end)) throw invalidUtf8(where());
    if (unknownCount < namedUnknownIds) unknownSpans.set([start, end], 2 * unknownCount);
    unknownCount += 1;
  };

  return {
    begin(request) {
      bytes = request;
      unknownCount = 0;
      idCount = 0;
    },
    known({ field, count, offsets }) {
      if (count === 0) return nothing;
      const found = lists(count);
      let known = 0;
      idCount += count;
      for (let i = 0; i < count; i++) {
        const start = offsets[2 * i]!;
        const end = offsets[2 * i + 1]!;
        const item = items.find(bytes, start, end);
        if (item >= 0) found[known++] = item;
        else addUnknown(() => `${field}[${i}]`, start, end);
      }
      return known === count ? found : found.subarray(0, known);
    },
    unknown: () => ({
      count: unknownCount,
      idCount,
      spans:
        unknownCount === 0
          ? nothing
          : unknownSpans.slice(0, 2 * Math.min(unknownCount, namedUnknownIds)),
      bytes,
    }),
  };
}

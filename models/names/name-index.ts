import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { Closeness } from "./title-key.ts";
import type { Chains } from "./chains.ts";
import { createIndexKey, type IndexKey } from "./index-key.ts";
import { createTrackName, type TrackName } from "./track-name.ts";

/** `known`: an item of just this title and artist. `matched`: one whose name means the same. `new`: none. */
export type Match = "known" | "matched" | "new";

/** Overwritten by the next search. */
export interface Found {
  match: Match;
  /** -1: new. */
  item: number;
  /** The items of that name are [chainStart, chainEnd) of `NameIndex.items`; none where it is new. */
  chainStart: number;
  chainEnd: number;
}

/** Finds the items that tracks are. One per thread: its buffers are used again. */
export interface NameIndex {
  readonly items: Int32Array;
  /** Allocates nothing. A track without a title is none of them. */
  find(track: TrackName): Found;
}

export interface NameIndexParts {
  readonly keys: IdIndex;
  readonly chains: Chains;
  readonly catalogue: Catalogue;
}

/** Of one key, how many items are looked at for the very same name: those behind have as many before them that are more popular. */
const maxCompared = 256;

export function createNameIndex({ keys, chains, catalogue }: NameIndexParts): NameIndex {
  const { starts, items } = chains;
  const asked = createIndexKey();
  const isKeyOf = createKeyComparison(catalogue);
  const hasName = createNameComparison(catalogue);
  const found: Found = { match: "new", item: -1, chainStart: 0, chainEnd: 0 };

  /** @returns -1: there is none. */
  const findKey = (track: TrackName, closeness: Closeness): number => {
    asked.write(track, closeness);
    const key = keys.find(asked.bytes, 0, asked.length);
    return key >= 0 && asked.isCut && !isKeyOf(asked, items[starts[key]!]!) ? -1 : key;
  };

  const take = (track: TrackName, key: number) => {
    found.match = "matched";
    found.chainStart = starts[key]!;
    found.chainEnd = starts[key + 1]!;
    found.item = items[found.chainStart]!;
    const end = Math.min(found.chainEnd, found.chainStart + maxCompared);
    for (let at = found.chainStart; at < end; at++) {
      if (!hasName(items[at]!, track)) continue;
      found.match = "known";
      found.item = items[at]!;
      return;
    }
  };

  return {
    items,
    find(track) {
      found.match = "new";
      found.item = -1;
      found.chainStart = found.chainEnd = 0;
      if (track.titleStart === track.titleEnd) return found;
      let key = findKey(track, "close");
      if (key < 0) key = findKey(track, "loose");
      if (key >= 0) take(track, key);
      return found;
    },
  };
}

/** @returns Whether the whole of a cut key is an item's, by either of its keys: a hash alone proves nothing. */
function createKeyComparison(catalogue: Catalogue): (asked: IndexKey, item: number) => boolean {
  const track = createTrackName();
  const key = createIndexKey();
  const isKey = (asked: IndexKey, closeness: Closeness) => {
    key.write(track, closeness);
    if (key.wholeLength !== asked.wholeLength) return false;
    for (let i = 0; i < key.wholeLength; i++) if (key.whole[i] !== asked.whole[i]) return false;
    return true;
  };
  return (asked, item) => {
    track.readItem(catalogue, item);
    return isKey(asked, "close") || isKey(asked, "loose");
  };
}

/** @returns Whether an item has just the title and the artist of a track, byte for byte. */
function createNameComparison(catalogue: Catalogue): (item: number, track: TrackName) => boolean {
  const names = catalogue.bytes;
  return (item, track) => {
    const { bytes } = track;
    const titleAt = catalogue.titleStart(item);
    const titleBytes = catalogue.titleEnd(item) - titleAt;
    const artistAt = catalogue.artistStart(item);
    const artistBytes = catalogue.artistEnd(item) - artistAt;
    if (titleBytes !== track.titleEnd - track.titleStart) return false;
    if (artistBytes !== track.artistEnd - track.artistStart) return false;
    for (let i = 0; i < titleBytes; i++) {
      if (names[titleAt + i] !== bytes[track.titleStart + i]) return false;
    }
    for (let i = 0; i < artistBytes; i++) {
      if (names[artistAt + i] !== bytes[track.artistStart + i]) return false;
    }
    return true;
  };
}

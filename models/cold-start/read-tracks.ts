import type { RequestView } from "../../proto/request-view.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Found, NameIndex } from "../names/name-index.ts";
import { createTrackName } from "../names/track-name.ts";
import { createIndexLists, type IndexLists } from "../ranking/index-lists.ts";
import type { NamedTracks, ReadTracks } from "../ranking/named-tracks.ts";
import { createTexts, type TextLists } from "./texts.ts";
import type { TextTower } from "./tower.ts";

export interface ReadNames extends NamedTracks {
  /** Of the tracks that are no items. */
  readonly texts: TextLists;
}

export interface TrackReading {
  readonly names: NameIndex;
  readonly tower: TextTower;
  /** Of all tracks of a request together, repeats and all. */
  readonly maxNamesakes: number;
}

/** Tells which of a request's tracks are items, straight from its bytes, and what the tower makes of the names of the others. */
export function createTrackReading(options: TrackReading): ReadTracks<ReadNames> {
  const { names, tower } = options;
  const track = createTrackName();
  const lists = createIndexLists();
  const texts = createTexts(tower, lists);
  const namesakes = createNamesakes(options, lists);
  return (view) => {
    assertSomething(view);
    const { bytes, tracks, excludeHistory } = view;
    const items = lists(tracks.count);
    let count = 0;
    let matched = 0;
    texts.clear();
    namesakes.clear();
    for (let i = 0; i < tracks.count; i++) {
      track.read(bytes, tracks.offsets, tracks.width * i);
      const found = names.find(track);
      if (found.match === "new") {
        texts.add(track);
        continue;
      }
      items[count++] = found.item;
      if (found.match === "matched") matched++;
      if (excludeHistory) namesakes.add(found);
    }
    const counts = { known: count - matched, matched, new: tracks.count - count };
    return {
      items: items.subarray(0, count),
      namesakes: namesakes.take(),
      texts: texts.take(),
      counts: tracks.count === 0 ? undefined : counts,
    };
  };
}

function assertSomething({ tracks, history }: RequestView): void {
  if (tracks.count > 0 || history.count > 0) return;
  throw new ServingError(
    "INVALID_ARGUMENT",
    "tracks and history are both empty; send a title or an artist in tracks, or ids of items in history",
  );
}

/** The items of chains, the most popular of each first. */
function createNamesakes({ names, maxNamesakes }: TrackReading, lists: IndexLists) {
  const found = new Int32Array(maxNamesakes);
  let count = 0;
  return {
    clear() {
      count = 0;
    },
    add({ chainStart, chainEnd }: Found) {
      const end = Math.min(chainEnd, chainStart + maxNamesakes - count);
      for (let at = chainStart; at < end; at++) found[count++] = names.items[at]!;
    },
    take() {
      const taken = lists(count);
      for (let i = 0; i < count; i++) taken[i] = found[i]!;
      return taken;
    },
  };
}

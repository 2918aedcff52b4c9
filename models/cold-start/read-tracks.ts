import type { RequestView } from "../../proto/request-view.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { maxNameBytes } from "../names/folded-name.ts";
import { createTrackName, type TrackName } from "../names/track-name.ts";
import { createIndexLists } from "../ranking/index-lists.ts";
import type { NamedTracks, ReadTracks } from "../ranking/named-tracks.ts";
import { createNamesakes, type NamesakeRules } from "./namesakes.ts";
import { createTexts, type TextLists } from "./texts.ts";
import type { TextTower } from "./tower.ts";

export interface ReadNames extends NamedTracks {
  /** Of the tracks that are no items. */
  readonly texts: TextLists;
  /** Of all names, as far as they were read. */
  readonly nameBytes: number;
}

export interface TrackReading extends NamesakeRules {
  readonly tower: TextTower;
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
    let nameBytes = 0;
    texts.clear();
    namesakes.clear();
    for (let i = 0; i < tracks.count; i++) {
      track.read(bytes, tracks.offsets, tracks.width * i);
      nameBytes += readBytes(track);
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
      nameBytes,
      counts: tracks.count === 0 ? undefined : counts,
    };
  };
}

function readBytes({ titleStart, titleEnd, artistStart, artistEnd }: TrackName): number {
  return (
    Math.min(titleEnd - titleStart, maxNameBytes) + Math.min(artistEnd - artistStart, maxNameBytes)
  );
}

function assertSomething({ tracks, history }: RequestView): void {
  if (tracks.count > 0 || history.count > 0) return;
  throw new ServingError(
    "INVALID_ARGUMENT",
    "tracks and history are both empty; send a title or an artist in tracks, or ids of items in history",
  );
}

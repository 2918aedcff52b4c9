import type { Catalogue } from "../catalogue/catalogue.ts";
import type { WarmUp } from "../family.ts";
import { createTrackName } from "../names/track-name.ts";
import { spread } from "../ranking/spread.ts";
import { encodeRows, type EncodedRow } from "./encode-rows.ts";
import { laneFor, laneKey, type Lane, type LaneRules } from "./lane.ts";
import { createTexts } from "./texts.ts";
import type { TextTower } from "./tower.ts";

export interface WarmUpOptions {
  readonly items: Catalogue;
  readonly tower: TextTower;
  readonly rules: LaneRules;
  readonly maxBatch: (lane: Lane) => number;
}

/** Playlists of a few tracks: known, new, and both, each over the catalogue and over candidates. */
const playlists = [
  { known: 5, fresh: 0 },
  { known: 0, fresh: 5 },
  { known: 5, fresh: 2 },
];

/** The usual lanes, alone and in a full batch. */
export function warmUpBatches(options: WarmUpOptions): WarmUp[] {
  const { items, tower, rules, maxBatch } = options;
  const lanes = playlists.flatMap((tracks) =>
    [0, Math.min(75, items.size)].map((candidateCount) =>
      laneFor({ ...tracks, longest: tower.lengths.at(-1)!, candidateCount, wanted: 10 }, rules),
    ),
  );
  return lanes.flatMap((lane) =>
    [...new Set([1, maxBatch(lane)])].map((rows) => warmUpBatch(lane, rows, options)),
  );
}

/** Rows of different items, from all over the tables, and of names that there are: what is wrong with some may show. */
function warmUpBatch(lane: Lane, rows: number, { items, tower }: WarmUpOptions): WarmUp {
  const { size } = items;
  const track = createTrackName();
  const texts = createTexts(tower);
  const itemAt = (row: number, place: number, places: number) =>
    spread(place * rows + row, places * rows, size);
  const row = (_: unknown, index: number): EncodedRow => {
    texts.clear();
    for (let i = 0; i < lane.fresh; i++) {
      track.readItem(items, itemAt(index, i, lane.fresh));
      texts.add(track);
    }
    return {
      known: Int32Array.from({ length: lane.known }, (_, i) => itemAt(index, i, lane.known)),
      texts: texts.take(),
      shape: lane,
      candidates: Int32Array.from({ length: lane.candidates }, (_, i) =>
        spread(i, lane.candidates, size),
      ),
    };
  };
  const feeds = encodeRows(Array.from({ length: rows }, row), { tower, itemCount: size });
  return { lane: laneKey(lane), rows, feeds };
}

import type { ReadRequest } from "../ranking/read-request.ts";
import { createIndexLists } from "../ranking/index-lists.ts";
import { laneFor, laneKey, type Lane, type LaneRules } from "./lane.ts";
import type { ReadNames } from "./read-tracks.ts";
import type { ColdStartRow } from "./row.ts";

/** Folding a name, its keys and its grams take about a quarter of a microsecond for each of its bytes, in which this many others are passed over. */
const bytesPerNameByte = 32;

/** @returns Makes a row of what was read: known tracks and history alike are what the listener likes. */
export function createRowMaking(
  rules: LaneRules,
): (request: ReadRequest<ReadNames>) => ColdStartRow {
  const join = createJoining();
  const nameLane = createLaneNaming();
  return ({ history, tracks, candidates, excluded, topK, wanted, unknown }) => {
    const { items, texts, counts, nameBytes } = tracks;
    const known = join(items, history);
    const shape = laneFor(
      {
        known: known.length,
        fresh: texts.count,
        longest: texts.longest,
        candidateCount: candidates?.length ?? 0,
        wanted,
      },
      rules,
    );
    return {
      known,
      texts,
      candidates,
      excluded,
      topK,
      shape,
      lane: nameLane(shape),
      needsRun: candidates?.length !== 0 && known.length + texts.count > 0,
      coldStart: known.length === 0,
      unknown,
      unknownCount: unknown.count,
      tracks: counts,
      readingBytes: bytesPerNameByte * nameBytes,
    };
  };
}

/** In item order, so that the order of a request changes no bit. */
function createJoining() {
  const lists = createIndexLists();
  return (items: Int32Array, history: Int32Array): Int32Array => {
    const known = lists(items.length + history.length);
    known.set(items);
    known.set(history, items.length);
    return known.sort();
  };
}

/** Requests of one kind follow each other: as long as they do, they share a name. */
function createLaneNaming() {
  let last: Lane = { known: 0, fresh: 0, length: 0, candidates: 0, fetch: 0 };
  let name = laneKey(last);
  return (shape: Lane) => {
    const isSame =
      shape.known === last.known &&
      shape.fresh === last.fresh &&
      shape.length === last.length &&
      shape.candidates === last.candidates &&
      shape.fetch === last.fetch;
    if (!isSame) {
      last = shape;
      name = laneKey(shape);
    }
    return name;
  };
}

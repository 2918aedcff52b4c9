import type { RequestReader } from "../../proto/request-reader.ts";
import type { RequestView } from "../../proto/request-view.ts";
import type { Spans } from "../../proto/spans.ts";
import { invalidUtf8, isUtf8Span } from "../../proto/utf8.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { ItemMarks } from "./item-marks.ts";
import { laneFor, laneKey } from "./lane.ts";
import type { TwoTowerRow } from "./row.ts";

/** The reply counts every unknown id and names this many. */
const namedUnknownIds = 20;
const nothing = new Int32Array();

export interface RowSources {
  readonly reader: RequestReader;
  readonly users: IdIndex;
  readonly items: IdIndex;
  readonly marks: ItemMarks;
}

/** @returns Reads one request; throws INVALID_ARGUMENT. */
export function createRowReader(sources: RowSources): (request: Uint8Array) => TwoTowerRow {
  const { reader, users, items, marks } = sources;
  const lookUp = createLookUp(items);
  return (request) => {
    const view = reader.read(request);
    lookUp.begin(request);
    const user = findUser(view, users);
    const history = lookUp.known(view.history);
    const asked = lookUp.known(view.candidates);
    const exclude = lookUp.known(view.exclude);

    marks.clear();
    const excluded = distinct(view.excludeHistory ? [exclude, history] : [exclude], marks);
    // The marks still hold what is excluded: a candidate that is new to them is neither that nor a repeat.
    // In item order, for the graph puts the one that stands first before its equals.
    const candidates = view.candidates.count > 0 ? distinct([asked], marks).sort() : undefined;
    const vectorHistory = user < 0 ? history : nothing;
    const shape = laneFor({
      historyLength: vectorHistory.length,
      candidateCount: candidates?.length ?? 0,
      wanted: candidates ? view.topK : view.topK + excluded.length,
      itemCount: items.size,
    });
    const unknown = lookUp.unknown();
    return {
      user,
      history: vectorHistory,
      candidates,
      excluded,
      topK: view.topK,
      shape,
      lane: laneKey(shape),
      needsRun: candidates?.length !== 0 && (user >= 0 || history.length > 0),
      coldStart: user < 0,
      unknown,
      unknownCount: unknown.count,
    };
  };
}

function findUser(view: RequestView, users: IdIndex): number {
  const { bytes, userStart, userEnd } = view;
  if (userStart === userEnd) return -1;
  const user = users.find(bytes, userStart, userEnd);
  // What an index holds is valid UTF-8, so only the others need the check.
  if (user < 0 && !isUtf8Span(bytes, userStart, userEnd)) throw invalidUtf8("user_id");
  return user;
}

/** The items of the lists that were not marked yet, marking them. */
function distinct(lists: readonly Int32Array[], marks: ItemMarks): Int32Array {
  let length = 0;
  for (const list of lists) length += list.length;
  if (length === 0) return nothing;
  const found = new Int32Array(length);
  let count = 0;
  for (const list of lists) {
    for (const item of list) if (marks.mark(item)) found[count++] = item;
  }
  return count === length ? found : found.slice(0, count);
}

/** Turns ids into indexes, straight from the request's bytes, and remembers those that the catalogue lacks. */
function createLookUp(items: IdIndex) {
  let bytes: Uint8Array = new Uint8Array();
  let unknownCount = 0;
  const unknownSpans = new Int32Array(2 * namedUnknownIds);

  const addUnknown = (where: () => string, start: number, end: number) => {
    if (!isUtf8Span(bytes, start, end)) throw invalidUtf8(where());
    if (unknownCount < namedUnknownIds) unknownSpans.set([start, end], 2 * unknownCount);
    unknownCount += 1;
  };

  return {
    begin(request: Uint8Array) {
      bytes = request;
      unknownCount = 0;
    },
    known({ field, count, offsets }: Spans): Int32Array {
      if (count === 0) return nothing;
      const found = new Int32Array(count);
      let known = 0;
      for (let i = 0; i < count; i++) {
        const start = offsets[2 * i]!;
        const end = offsets[2 * i + 1]!;
        const item = items.find(bytes, start, end);
        if (item >= 0) found[known++] = item;
        else addUnknown(() => `${field}[${i}]`, start, end);
      }
      return known === count ? found : found.slice(0, known);
    },
    unknown: () => ({
      count: unknownCount,
      spans: unknownSpans.slice(0, 2 * Math.min(unknownCount, namedUnknownIds)),
      bytes,
    }),
  };
}

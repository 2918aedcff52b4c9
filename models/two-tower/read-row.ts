import type { RequestReader } from "../../proto/request-reader.ts";
import type { RequestView } from "../../proto/request-view.ts";
import type { Spans } from "../../proto/spans.ts";
import { invalidUtf8, isUtf8Span } from "../../proto/utf8.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import { createIndexLists, type IndexLists } from "./index-lists.ts";
import type { ItemMarks } from "./item-marks.ts";
import { laneFor, laneKey, type RowSizes } from "./lane.ts";
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
  const lists = createIndexLists();
  const lookUp = createLookUp(items, lists);
  const distinct = createDistinct(marks, lists);
  const nameLane = createLaneNaming();
  return (request) => {
    const view = reader.read(request);
    lookUp.begin(request);
    const user = findUser(view, users);
    const history = lookUp.known(view.history);
    const asked = lookUp.known(view.candidates);
    const exclude = lookUp.known(view.exclude);

    marks.clear();
    const excluded = distinct(exclude, view.excludeHistory ? history : nothing);
    // The marks still hold what is excluded: a candidate that is new to them is neither that nor a repeat.
    // In item order, for the graph puts the one that stands first before its equals.
    const candidates = view.candidates.count > 0 ? distinct(asked, nothing).sort() : undefined;
    const vectorHistory = user < 0 ? history : nothing;
    const { shape, lane } = nameLane({
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
      lane,
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

/** @returns The items of two lists that were not marked yet, marking them. */
function createDistinct(marks: ItemMarks, lists: IndexLists) {
  return (first: Int32Array, second: Int32Array): Int32Array => {
    const length = first.length + second.length;
    if (length === 0) return nothing;
    const found = lists(length);
    let count = 0;
    for (const item of first) if (marks.mark(item)) found[count++] = item;
    for (const item of second) if (marks.mark(item)) found[count++] = item;
    return count === length ? found : found.subarray(0, count);
  };
}

/** Requests of one kind follow each other: as long as they do, they share a shape and its name. */
function createLaneNaming() {
  let shape = laneFor({ historyLength: 0, candidateCount: 0, wanted: 0, itemCount: 0 });
  let lane = laneKey(shape);
  return (sizes: RowSizes) => {
    const next = laneFor(sizes);
    const { history, candidates, fetch } = shape;
    if (next.history !== history || next.candidates !== candidates || next.fetch !== fetch) {
      shape = next;
      lane = laneKey(next);
    }
    return { shape, lane };
  };
}

/** Turns ids into indexes, straight from the request's bytes, and remembers those that the catalogue lacks. */
function createLookUp(items: IdIndex, lists: IndexLists) {
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
      const found = lists(count);
      let known = 0;
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
      spans:
        unknownCount === 0
          ? nothing
          : unknownSpans.slice(0, 2 * Math.min(unknownCount, namedUnknownIds)),
      bytes,
    }),
  };
}

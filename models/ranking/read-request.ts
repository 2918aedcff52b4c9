import type { RequestReader } from "../../proto/request-reader.ts";
import type { RequestView } from "../../proto/request-view.ts";
import { invalidUtf8, isUtf8Span } from "../../proto/utf8.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import { createIndexLists, type IndexLists } from "./index-lists.ts";
import type { ItemMarks } from "./item-marks.ts";
import { createLookUp } from "./look-up.ts";
import type { NamedTracks, ReadTracks } from "./named-tracks.ts";
import type { RankingRow } from "./row.ts";

/** A request with its ids resolved to indexes: what every ranking family starts from. */
export interface ReadRequest<Tracks = undefined> extends Pick<
  RankingRow,
  "candidates" | "excluded" | "topK" | "unknown"
> {
  /** -1: not in the model. */
  readonly user: number;
  /** The known items of the history, oldest first, repeats and all. */
  readonly history: Int32Array;
  /** Results that the graph must give, with those that will be filtered out afterwards. */
  readonly wanted: number;
  readonly tracks: Tracks;
}

export interface RequestSources<Tracks extends NamedTracks | undefined> {
  readonly reader: RequestReader;
  /** Absent: the model knows nobody. */
  readonly users: IdIndex | undefined;
  readonly items: IdIndex;
  readonly marks: ItemMarks;
  readonly readTracks: ReadTracks<Tracks>;
}

const nothing = new Int32Array();

/** @returns Reads one request; throws INVALID_ARGUMENT. */
export function createRequestReading<Tracks extends NamedTracks | undefined>(
  sources: RequestSources<Tracks>,
): (request: Uint8Array) => ReadRequest<Tracks> {
  const { reader, users, items, marks, readTracks } = sources;
  const lists = createIndexLists();
  const lookUp = createLookUp(items, lists);
  const distinct = createDistinct(marks, lists);
  return (request) => {
    const view = reader.read(request);
    lookUp.begin(request);
    const user = findUser(view, users);
    const history = lookUp.known(view.history);
    const asked = lookUp.known(view.candidates);
    const exclude = lookUp.known(view.exclude);
    const tracks = readTracks(view);

    marks.clear();
    const heard = view.excludeHistory
      ? [history, tracks?.items ?? nothing, tracks?.namesakes ?? nothing]
      : [];
    const excluded = distinct(exclude, ...heard);
    // The marks still hold what is excluded: a candidate that is new to them is neither that nor a repeat.
    // In item order, for the graph puts the one that stands first before its equals.
    const candidates = view.candidates.count > 0 ? distinct(asked).sort() : undefined;
    return {
      user,
      history,
      candidates,
      excluded,
      topK: view.topK,
      wanted: candidates ? view.topK : view.topK + excluded.length,
      unknown: lookUp.unknown(),
      tracks,
    };
  };
}

function findUser(view: RequestView, users: IdIndex | undefined): number {
  const { bytes, userStart, userEnd } = view;
  if (userStart === userEnd) return -1;
  const user = users?.find(bytes, userStart, userEnd) ?? -1;
  // What an index holds is valid UTF-8, so only the others need the check.
  if (user < 0 && !isUtf8Span(bytes, userStart, userEnd)) throw invalidUtf8("user_id");
  return user;
}

/** @returns The items of lists that were not marked yet, marking them. */
function createDistinct(marks: ItemMarks, lists: IndexLists) {
  return (...all: readonly Int32Array[]): Int32Array => {
    let length = 0;
    for (const list of all) length += list.length;
    if (length === 0) return nothing;
    const found = lists(length);
    let count = 0;
    for (const list of all) for (const item of list) if (marks.mark(item)) found[count++] = item;
    return count === length ? found : found.subarray(0, count);
  };
}

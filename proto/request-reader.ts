import {
  countField,
  createCursor,
  readBool,
  readBytes,
  readBytesAt,
  readTag,
  shortLength,
  skipValue,
  startCursor,
  wrongWireType,
  type Cursor,
} from "./wire-cursor.ts";
import {
  candidatesTag,
  defaultTopK,
  excludeHistoryTag,
  excludeTag,
  historyTag,
  readTopK,
  takeNameOrSkip,
  topKTag,
  tracksTag,
} from "./request-fields.ts";
import { assertIds } from "./assert-ids.ts";
import { assertTracks } from "./assert-tracks.ts";
import { defaultRequestLimits, type RequestLimits } from "./request-limits.ts";
import { clearRequestView, createRequestView, type RequestView } from "./request-view.ts";
import { ServingError } from "./serving-error.ts";
import { growSpans, type Spans } from "./spans.ts";

export interface RequestReader {
  /** Throws INVALID_ARGUMENT for what is malformed or over a limit. The view is valid until the next call. */
  read(request: Uint8Array): RequestView;
}

const titleTag = 0x0a;
const artistTag = 0x12;
const lastTrackField = 2;

export function createRequestReader(limits: RequestLimits = defaultRequestLimits): RequestReader {
  const cursor = createCursor("RecommendRequest");
  const view = createRequestView(limits);
  return {
    read(request) {
      startCursor(cursor, request);
      clearRequestView(view, request, Math.min(defaultTopK, limits.maxTopK));
      while (cursor.position < cursor.end) readField(cursor, view);
      assertTopK(view.topK, limits.maxTopK);
      assertIds(view);
      assertTracks(view);
      return view;
    },
  };
}

function readField(cursor: Cursor, view: RequestView): void {
  const tag = readTag(cursor);
  if (tag === historyTag) readIds(cursor, tag, view.history);
  else if (tag === candidatesTag) readIds(cursor, tag, view.candidates);
  else if (tag === excludeTag) readIds(cursor, tag, view.exclude);
  else if (tag === tracksTag) readTrack(cursor, view.tracks);
  else if (tag === topKTag) readTopK(cursor, view);
  else if (tag === excludeHistoryTag) readExcludeHistory(cursor, view);
  else takeNameOrSkip(cursor, tag, view);
}

function readExcludeHistory(cursor: Cursor, view: RequestView): void {
  countField(cursor);
  view.excludeHistory = readBool(cursor);
}

/** Reads the ids that follow each other from behind the first one's tag: nearly always all of a field. */
function readIds(cursor: Cursor, tag: number, ids: Spans): void {
  const { bytes, end } = cursor;
  let { count, offsets } = ids;
  let stop = cursor.position - 1;
  do {
    const lengthAt = stop + 1;
    const length = shortLength(bytes, lengthAt, end);
    let start = lengthAt + 1;
    stop = start + length;
    if (length < 0) {
      start = readBytesAt(cursor, lengthAt);
      stop = cursor.position;
    }
    if (2 * count === offsets.length) offsets = growSpans(ids, count);
    offsets[2 * count] = start;
    offsets[2 * count + 1] = stop;
    count++;
  } while (stop < end && bytes[stop] === tag);
  cursor.position = stop;
  ids.count = count;
}

function readTrack(cursor: Cursor, tracks: Spans): void {
  const start = readBytes(cursor);
  const messageEnd = cursor.end;
  cursor.end = cursor.position;
  cursor.position = start;
  const at = tracks.width * tracks.count;
  const offsets = at === tracks.offsets.length ? growSpans(tracks, tracks.count) : tracks.offsets;
  tracks.count++;
  offsets.fill(start, at, at + tracks.width);
  for (let fields = 0; cursor.position < cursor.end; fields++) {
    // More than a title and an artist: one of them again, or a field of a newer contract.
    if (fields >= lastTrackField) countField(cursor);
    readTrackField(cursor, offsets, at);
  }
  cursor.end = messageEnd;
}

/** Of a repeated field the last value counts, as everywhere in protobuf but in a request's fields 1-3. */
function readTrackField(cursor: Cursor, offsets: Int32Array, at: number): void {
  const tag = readTag(cursor);
  if (tag >>> 3 > lastTrackField) return skipValue(cursor, tag);
  if (tag !== titleTag && tag !== artistTag) throw wrongWireType(cursor, tag);
  const offset = tag === titleTag ? at : at + 2;
  offsets[offset] = readBytes(cursor);
  offsets[offset + 1] = cursor.position;
}

function assertTopK(topK: number, maxTopK: number): void {
  if (topK < 1 || topK > maxTopK) {
    throw new ServingError(
      "INVALID_ARGUMENT",
      `top_k is ${topK}; it must be between 1 and ${maxTopK}`,
    );
  }
}

import {
  createCursor,
  readBytesAt,
  readTag,
  skipUnknown,
  startCursor,
  shortLength,
  type Cursor,
} from "./wire-cursor.ts";
import {
  candidatesTag,
  clearNames,
  defaultTopK,
  excludeHistoryTag,
  excludeTag,
  historyTag,
  readTopK,
  takeNameOrSkip,
  topKTag,
  tracksTag,
  type NameSpans,
} from "./request-fields.ts";

/** All that a router reads of an encoded RecommendRequest. The result is overwritten by the next call. */
export type Peek = (request: Uint8Array) => Readonly<Peeked>;

export interface Peeked extends NameSpans {
  /** As sent: nobody has checked it. */
  topK: number;
}

/** Walks every top-level tag without decoding or allocating; throws INVALID_ARGUMENT for what it could not walk. */
export function createPeek(): Peek {
  const cursor = createCursor("RecommendRequest");
  const peeked = {
    modelStart: 0,
    modelEnd: 0,
    userStart: 0,
    userEnd: 0,
    versionStart: 0,
    versionEnd: 0,
    topK: defaultTopK,
  };
  return (request) => {
    startCursor(cursor, request);
    clearNames(peeked);
    peeked.topK = defaultTopK;
    while (cursor.position < cursor.end) {
      const tag = readTag(cursor);
      if (tag === historyTag || tag === candidatesTag || tag === excludeTag || tag === tracksTag)
        skipRun(cursor, tag);
      else if (tag === topKTag) readTopK(cursor, peeked);
      else if (tag === excludeHistoryTag) skipUnknown(cursor, tag);
      else takeNameOrSkip(cursor, tag, peeked);
    }
    return peeked;
  };
}

/** Moves past the values that follow each other from behind the first one's tag. */
function skipRun(cursor: Cursor, tag: number): void {
  const { bytes, end } = cursor;
  let stop = cursor.position - 1;
  do {
    const lengthAt = stop + 1;
    const length = shortLength(bytes, lengthAt, end);
    stop = lengthAt + 1 + length;
    if (length < 0) {
      readBytesAt(cursor, lengthAt);
      stop = cursor.position;
    }
  } while (stop < end && bytes[stop] === tag);
  cursor.position = stop;
}

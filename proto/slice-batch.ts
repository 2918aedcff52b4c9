import { ServingError } from "./serving-error.ts";
import {
  createCursor,
  readBytes,
  readTag,
  skipUnknown,
  startCursor,
  wrongWireType,
  type Cursor,
} from "./wire-cursor.ts";

const requestsTag = 0x0a;
const lastField = 1;

/**
 * The requests of an encoded BatchRecommendRequest, as they came: start and end of each.
 * Throws INVALID_ARGUMENT for what is malformed and for more than `maxRequests`.
 */
export function sliceBatch(batch: Uint8Array, maxRequests: number): Int32Array {
  const cursor = createCursor("BatchRecommendRequest");
  startCursor(cursor, batch);
  let count = 0;
  while (nextRequest(cursor) >= 0) count++;
  if (count > maxRequests) {
    throw new ServingError(
      "INVALID_ARGUMENT",
      `requests has ${count} elements; send at most ${maxRequests}`,
    );
  }
  const spans = new Int32Array(2 * count);
  startCursor(cursor, batch);
  for (let at = 0; at < spans.length; at += 2) {
    spans[at] = nextRequest(cursor);
    spans[at + 1] = cursor.position;
  }
  return spans;
}

/** The start of the next request, which ends at `cursor.position`; -1 when there is none. */
function nextRequest(cursor: Cursor): number {
  while (cursor.position < cursor.end) {
    const tag = readTag(cursor);
    if (tag === requestsTag) return readBytes(cursor);
    if (tag >>> 3 <= lastField) throw wrongWireType(cursor, tag);
    skipUnknown(cursor, tag);
  }
  return -1;
}

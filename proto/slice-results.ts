import { Code, codeFrom, nameOf, ServingError } from "./serving-error.ts";
import { pushbackTrailer } from "./pushback.ts";
import {
  createCursor,
  readBytes,
  readInt32,
  readTag,
  skipValue,
  startCursor,
  type Cursor,
} from "./wire-cursor.ts";

const resultsTag = 0x0a;
const responseTag = 0x0a;
const statusTag = 0x12;
const codeTag = 0x08;
const messageTag = 0x12;
const retryPushbackMsTag = 0x18;

/**
 * Takes an encoded BatchRecommendResponse apart, as views of its bytes: for each result the encoded RecommendResponse, or
 * its status. A server that sends what it should not is UNAVAILABLE: whole when what it sent cannot be read or has not
 * `count` results, for one query when that result is neither a response nor a failure.
 */
export function sliceResults(
  batch: Uint8Array,
  count: number,
): readonly (Uint8Array | ServingError)[] {
  try {
    const results = readResults(batch, count);
    if (results.length === count) return results;
    throw unusable(`${results.length} results for ${count} requests`);
  } catch (error) {
    const failure = isMalformed(error) ? unusable(error.message, error) : ServingError.from(error);
    return Array.from({ length: count }, () => failure);
  }
}

/** At most one more than `count`: a server cannot make us keep more than we asked for. */
function readResults(batch: Uint8Array, count: number): (Uint8Array | ServingError)[] {
  const results: (Uint8Array | ServingError)[] = [];
  const outer = createCursor("BatchRecommendResponse");
  const inner = createCursor("Result");
  startCursor(outer, batch);
  while (outer.position < outer.end && results.length <= count) {
    const tag = readTag(outer);
    if (tag !== resultsTag) skipValue(outer, tag);
    else results.push(readResult(within(inner, outer)));
  }
  return results;
}

/** Of several values the last one counts, as everywhere in protobuf. */
function readResult(cursor: Cursor): Uint8Array | ServingError {
  let result: Uint8Array | ServingError | undefined;
  while (cursor.position < cursor.end) {
    const tag = readTag(cursor);
    if (tag === responseTag) result = cursor.bytes.subarray(readBytes(cursor), cursor.position);
    else if (tag === statusTag) result = readStatus(within(createCursor("Status"), cursor));
    else skipValue(cursor, tag);
  }
  return result ?? unusable("a result that is neither a response nor a status");
}

function readStatus(cursor: Cursor): ServingError {
  let code = 0;
  let message = "";
  let pushbackMs = 0;
  while (cursor.position < cursor.end) {
    const tag = readTag(cursor);
    if (tag === codeTag) code = readInt32(cursor);
    else if (tag === messageTag) message = readText(cursor);
    else if (tag === retryPushbackMsTag) pushbackMs = readInt32(cursor);
    else skipValue(cursor, tag);
  }
  if (code === Code.OK) return unusable("a failure with the status OK");
  const known = codeFrom(code);
  const isKnown = known === code;
  return new ServingError(isKnown ? nameOf(known) : "UNKNOWN", message, {
    ...(pushbackMs > 0 && { trailers: { [pushbackTrailer]: String(pushbackMs) } }),
  });
}

/** Sets `inner` to the bytes that `outer` announces, which it moves past. */
function within(inner: Cursor, outer: Cursor): Cursor {
  inner.bytes = outer.bytes;
  inner.position = readBytes(outer);
  inner.end = outer.position;
  return inner;
}

function readText(cursor: Cursor): string {
  const start = readBytes(cursor);
  const { buffer, byteOffset } = cursor.bytes;
  return Buffer.from(buffer, byteOffset + start, cursor.position - start).toString();
}

function isMalformed(error: unknown): error is ServingError {
  return error instanceof ServingError && error.code === Code.INVALID_ARGUMENT;
}

function unusable(what: string, cause?: ServingError): ServingError {
  return new ServingError("UNAVAILABLE", `the server sent an unusable reply: ${what}`, { cause });
}

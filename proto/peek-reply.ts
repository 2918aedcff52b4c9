import { codeFrom, type Code } from "./serving-error.ts";
import {
  createCursor,
  readBytes,
  readBytesAt,
  readInt32,
  readTag,
  shortLength,
  skipValue,
  startCursor,
  type Cursor,
} from "./wire-cursor.ts";

/** Who answered, as places in the reply's bytes: empty where it does not say. */
export interface PeekedReply {
  readonly armStart: number;
  readonly armEnd: number;
  readonly backendStart: number;
  readonly backendEnd: number;
  /** The server or the router says that this is less than the best. */
  readonly isDegraded: boolean;
}

const itemsTag = 0x0a;
const servedTag = 0x12;
const routedTag = 0x1a;
const backendTag = 0x1a;
const servedDegradedTag = 0x2a;
const armTag = 0x0a;
const routedDegradedTag = 0x22;
const resultsTag = 0x0a;
const responseTag = 0x0a;
const statusTag = 0x12;
const statusCodeTag = 0x08;

const results = createCursor("BatchRecommendResponse");
const result = createCursor("Result");
const reply = createCursor("RecommendResponse");
const field = createCursor("RecommendResponse");
const peeked = { armStart: 0, armEnd: 0, backendStart: 0, backendEnd: 0, isDegraded: false };

/**
 * Looks at an encoded RecommendResponse without decoding its items or allocating: what it returns is overwritten by the
 * next peek. Throws INVALID_ARGUMENT for what it could not walk.
 */
export function peekReply(bytes: Uint8Array): PeekedReply {
  startCursor(reply, bytes);
  return walkReply();
}

/** The same for each result of an encoded BatchRecommendResponse, in order: OK with its reply, or the code of its status. */
export function peekResults(
  bytes: Uint8Array,
  see: (code: Code, reply: PeekedReply) => void,
): void {
  startCursor(results, bytes);
  while (results.position < results.end) {
    const tag = readTag(results);
    if (tag !== resultsTag) skipValue(results, tag);
    else {
      enter(result, results);
      walkResult(see);
    }
  }
}

/** Of several values the last one counts, here and below, as everywhere in protobuf. */
function walkResult(see: (code: Code, reply: PeekedReply) => void): void {
  let code: Code = 0;
  while (result.position < result.end) {
    const tag = readTag(result);
    if (tag === responseTag) {
      code = 0;
      enter(reply, result);
      walkReply();
    } else if (tag === statusTag) {
      enter(field, result);
      code = walkStatus();
    } else skipValue(result, tag);
  }
  see(code, peeked);
}

function walkStatus(): Code {
  let code = 0;
  while (field.position < field.end) {
    const tag = readTag(field);
    if (tag === statusCodeTag) code = readInt32(field);
    else skipValue(field, tag);
  }
  return codeFrom(code);
}

function walkReply(): PeekedReply {
  peeked.armStart = peeked.armEnd = peeked.backendStart = peeked.backendEnd = 0;
  let servedDegraded = false;
  let routedDegraded = false;
  while (reply.position < reply.end) {
    const tag = readTag(reply);
    if (tag === itemsTag) skipItems();
    else if (tag === servedTag) servedDegraded = walkServed();
    else if (tag === routedTag) routedDegraded = walkRouted();
    else skipValue(reply, tag);
  }
  peeked.isDegraded = servedDegraded || routedDegraded;
  return peeked;
}

function walkServed(): boolean {
  enter(field, reply);
  let isDegraded = false;
  peeked.backendStart = peeked.backendEnd = 0;
  while (field.position < field.end) {
    const tag = readTag(field);
    if (tag === backendTag) {
      peeked.backendStart = readBytes(field);
      peeked.backendEnd = field.position;
    } else if (tag === servedDegradedTag) isDegraded = readBytes(field) < field.position;
    else skipValue(field, tag);
  }
  return isDegraded;
}

function walkRouted(): boolean {
  enter(field, reply);
  let isDegraded = false;
  peeked.armStart = peeked.armEnd = 0;
  while (field.position < field.end) {
    const tag = readTag(field);
    if (tag === armTag) {
      peeked.armStart = readBytes(field);
      peeked.armEnd = field.position;
    } else if (tag === routedDegradedTag) isDegraded = readBytes(field) < field.position;
    else skipValue(field, tag);
  }
  return isDegraded;
}

/** Moves past items that follow each other, from behind the first one's tag: they are nearly all of a reply. */
function skipItems(): void {
  const { bytes, end } = reply;
  let stop = reply.position - 1;
  do {
    const lengthAt = stop + 1;
    const length = shortLength(bytes, lengthAt, end);
    stop = lengthAt + 1 + length;
    if (length < 0) {
      readBytesAt(reply, lengthAt);
      stop = reply.position;
    }
  } while (stop < end && bytes[stop] === itemsTag);
  reply.position = stop;
}

/** Sets `inner` to the bytes that `outer` announces, which it moves past. */
function enter(inner: Cursor, outer: Cursor): void {
  inner.bytes = outer.bytes;
  inner.position = readBytes(outer);
  inner.end = outer.position;
}

import {
  createCursor,
  readBytes,
  readTag,
  skipValue,
  startCursor,
  type Cursor,
} from "./wire-cursor.ts";

const itemsTag = 0x0a;
const itemIdTag = 0x12;
const servedTag = 0x12;
const degradedTag = 0x2a;

const outer = createCursor("RecommendResponse");
const inner = createCursor("RecommendResponse");

/**
 * The ids of an encoded RecommendResponse's items, in order, one character per byte: to compare, not to show.
 * Throws INVALID_ARGUMENT for what is malformed.
 */
export function itemIds(reply: Uint8Array): readonly string[] {
  const text = Buffer.from(reply.buffer, reply.byteOffset, reply.length);
  const ids: string[] = [];
  startCursor(outer, reply);
  while (enterField(outer, itemsTag)) {
    let id = "";
    for (let start = nextField(itemIdTag); start >= 0; start = nextField(itemIdTag))
      id = text.toString("latin1", start, inner.position);
    ids.push(id);
  }
  return ids;
}

/** Whether an encoded RecommendResponse says that it is less than the model's best. Throws as `itemIds` does. */
export function isDegraded(reply: Uint8Array): boolean {
  let degraded = false;
  startCursor(outer, reply);
  while (enterField(outer, servedTag)) {
    // A later `served` takes the place of an earlier one, as the generated code has it.
    degraded = false;
    for (let start = nextField(degradedTag); start >= 0; start = nextField(degradedTag))
      degraded = inner.position > start;
  }
  return degraded;
}

/** Puts `inner` around the next field with this tag; false when there is none. */
function enterField(cursor: Cursor, tag: number): boolean {
  const start = seek(cursor, tag);
  if (start < 0) return false;
  inner.bytes = cursor.bytes;
  inner.position = start;
  inner.end = cursor.position;
  return true;
}

function nextField(tag: number): number {
  return seek(inner, tag);
}

/** The start of the next field with this tag, which ends at `cursor.position`; -1 when there is none. */
function seek(cursor: Cursor, wanted: number): number {
  while (cursor.position < cursor.end) {
    const tag = readTag(cursor);
    if (tag === wanted) return readBytes(cursor);
    skipValue(cursor, tag);
  }
  return -1;
}

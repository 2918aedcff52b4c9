import { ServingError } from "./serving-error.ts";

/** Where a walk over an encoded message stands. One is kept per reader and reused, so that a walk allocates nothing. */
export interface Cursor {
  /** For error messages, e.g. "RecommendRequest". */
  readonly message: string;
  bytes: Uint8Array;
  position: number;
  /** Of the message being walked, which may be a part of `bytes`. */
  end: number;
  /** By `countField`, since the start. */
  counted: number;
}

const wireTypes = [
  "varint",
  "64-bit",
  "length-delimited",
  "group start",
  "group end",
  "32-bit",
] as const;
const maxUint32Bytes = 5;
const maxVarintBytes = 10;
const maxCounted = 1_000;

export function createCursor(message: string): Cursor {
  return { message, bytes: new Uint8Array(), position: 0, end: 0, counted: 0 };
}

export function startCursor(cursor: Cursor, bytes: Uint8Array): void {
  cursor.bytes = bytes;
  cursor.position = 0;
  cursor.end = bytes.length;
  cursor.counted = 0;
}

/** The next tag: field number << 3 | wire type. */
export function readTag(cursor: Cursor): number {
  const tag = readUint32(cursor);
  if (tag < 8) throw malformed(cursor, "field number 0 does not exist");
  return tag;
}

/** Reads a length and moves past the bytes that it announces; `cursor.position` is then their end. Returns their start. */
export function readBytes(cursor: Cursor): number {
  const length = readUint32(cursor);
  const start = cursor.position;
  if (length > cursor.end - start) {
    throw malformed(cursor, `a length of ${length} bytes where ${cursor.end - start} are left`);
  }
  cursor.position = start + length;
  return start;
}

export function readBytesAt(cursor: Cursor, position: number): number {
  cursor.position = position;
  return readBytes(cursor);
}

/**
 * For loops that keep the position in a local variable, which halves their time: the length at `at` when it is one byte
 * and what it announces is there, else -1, and `readBytes` reads it or says what is wrong.
 */
export function shortLength(bytes: Uint8Array, at: number, end: number): number {
  const length = at < end ? bytes[at]! : 0x80;
  return length < 0x80 && at + length < end ? length : -1;
}

/** The low 32 bits of a varint, which is how protobuf reads an int32. */
export function readInt32(cursor: Cursor): number {
  const start = cursor.position;
  skipVarint(cursor);
  let value = 0;
  for (let at = cursor.position - 1; at >= start; at--) {
    value = (value << 7) | (cursor.bytes[at]! & 0x7f);
  }
  return value;
}

export function readBool(cursor: Cursor): boolean {
  let at = cursor.position;
  skipVarint(cursor);
  for (; at < cursor.position; at++) {
    if ((cursor.bytes[at]! & 0x7f) !== 0) return true;
  }
  return false;
}

/**
 * For fields that the reader does not know, and for single values, of which protobuf lets the last one count: millions
 * of two bytes each would be walked for nothing.
 */
export function countField(cursor: Cursor): void {
  if (++cursor.counted > maxCounted)
    throw malformed(cursor, `more than ${maxCounted} of its fields are unknown or repeat a value`);
}

export function skipUnknown(cursor: Cursor, tag: number): void {
  countField(cursor);
  skipValue(cursor, tag);
}

/** Moves past the value of a field. */
export function skipValue(cursor: Cursor, tag: number): void {
  const wireType = tag & 7;
  if (wireType === 0) skipVarint(cursor);
  else if (wireType === 1) skipFixed(cursor, 8);
  else if (wireType === 2) readBytes(cursor);
  else if (wireType === 5) skipFixed(cursor, 4);
  else
    throw malformed(
      cursor,
      `field ${tag >>> 3} has ${nameWireType(wireType)}, which proto3 does not use`,
    );
}

/** For a field whose number the reader knows and whose wire type is another one. */
export function wrongWireType(cursor: Cursor, tag: number): ServingError {
  return malformed(cursor, `field ${tag >>> 3} cannot have ${nameWireType(tag & 7)}`);
}

export function malformed(cursor: Cursor, what: string): ServingError {
  const where = `${cursor.message} is malformed at byte ${cursor.position}`;
  return new ServingError(
    "INVALID_ARGUMENT",
    `${where}: ${what}; encode it with a protobuf library`,
  );
}

function nameWireType(wireType: number): string {
  return `wire type ${wireType} (${wireTypes[wireType] ?? "undefined"})`;
}

/** Tags and lengths. Nearly all are one byte. */
function readUint32(cursor: Cursor): number {
  const { position } = cursor;
  if (position < cursor.end) {
    const byte = cursor.bytes[position]!;
    if (byte < 0x80) {
      cursor.position = position + 1;
      return byte;
    }
  }
  return readLongUint32(cursor);
}

function readLongUint32(cursor: Cursor): number {
  let value = 0;
  for (let index = 0; index < maxUint32Bytes; index++) {
    if (cursor.position + index >= cursor.end)
      throw malformed(cursor, "it ends inside a tag or length");
    const byte = cursor.bytes[cursor.position + index]!;
    if (index === maxUint32Bytes - 1 && byte > 0x0f) break;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      cursor.position += index + 1;
      return value >>> 0;
    }
  }
  throw malformed(cursor, "a tag or length has more than 32 bits");
}

function skipVarint(cursor: Cursor): void {
  const start = cursor.position;
  for (let index = 0; index < maxVarintBytes; index++) {
    if (start + index >= cursor.end) throw malformed(cursor, "it ends inside a varint");
    const byte = cursor.bytes[start + index]!;
    if (index === maxVarintBytes - 1 && byte > 1) break;
    if (byte < 0x80) {
      cursor.position = start + index + 1;
      return;
    }
  }
  throw malformed(cursor, "a varint has more than 64 bits");
}

function skipFixed(cursor: Cursor, length: number): void {
  const left = cursor.end - cursor.position;
  if (length > left) throw malformed(cursor, `a value of ${length} bytes where ${left} are left`);
  cursor.position += length;
}

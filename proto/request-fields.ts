import {
  countField,
  readBytes,
  readInt32,
  skipUnknown,
  wrongWireType,
  type Cursor,
} from "./wire-cursor.ts";
import { ServingError } from "./serving-error.ts";

/** Tags of RecommendRequest: field number << 3 | wire type. */
export const modelTag = 0x0a;
export const userIdTag = 0x12;
export const modelVersionTag = 0x1a;
export const historyTag = 0x22;
export const tracksTag = 0x2a;
export const candidatesTag = 0x32;
export const excludeTag = 0x3a;
export const excludeHistoryTag = 0x40;
export const topKTag = 0x48;
const lastField = 9;

/** Of a request that does not say. */
export const defaultTopK = 10;

/**
 * Fields 1-3 of a RecommendRequest, as [start, end) within its bytes; 0, 0 when absent.
 * No value of a field that is there can start at 0.
 */
export interface NameSpans {
  modelStart: number;
  modelEnd: number;
  userStart: number;
  userEnd: number;
  versionStart: number;
  versionEnd: number;
}

export function clearNames(names: NameSpans): void {
  names.modelStart = 0;
  names.modelEnd = 0;
  names.userStart = 0;
  names.userEnd = 0;
  names.versionStart = 0;
  names.versionEnd = 0;
}

/**
 * Takes fields 1-3 and skips the fields that no version of the contract knows yet. Refuses a second value of fields
 * 1-3: readers that disagree on which one counts would let a caller be routed as one user and answered as another.
 */
export function takeNameOrSkip(cursor: Cursor, tag: number, names: NameSpans): void {
  if (tag === modelTag) {
    if (names.modelStart !== 0) throw repeated("model");
    names.modelStart = readBytes(cursor);
    names.modelEnd = cursor.position;
  } else if (tag === userIdTag) {
    if (names.userStart !== 0) throw repeated("user_id");
    names.userStart = readBytes(cursor);
    names.userEnd = cursor.position;
  } else if (tag === modelVersionTag) {
    if (names.versionStart !== 0) throw repeated("model_version");
    names.versionStart = readBytes(cursor);
    names.versionEnd = cursor.position;
  } else {
    if (tag >>> 3 <= lastField) throw wrongWireType(cursor, tag);
    skipUnknown(cursor, tag);
  }
}

/** The last one counts. */
export function readTopK(cursor: Cursor, into: { topK: number }): void {
  countField(cursor);
  into.topK = readInt32(cursor);
}

function repeated(field: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", `${field} appears more than once; send it once`);
}

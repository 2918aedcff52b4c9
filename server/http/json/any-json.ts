import {
  Char,
  malformed,
  peekChar,
  takeChar,
  takeNumber,
  takeText,
  takeWord,
  unexpected,
  type JsonCursor,
} from "./json-cursor.ts";
import type { Readable } from "./readable.ts";
import type { Writable } from "./writable.ts";

const deepest = 64;

/** JSON whose inside somebody else reads: as its text. */
export const anyObject: Readable<string> & Writable<string> = {
  schema: { type: "object" },
  read(cursor) {
    if (peekChar(cursor) !== Char.openObject) throw unexpected(cursor, "an object");
    const start = cursor.position;
    skip(cursor, 0);
    return cursor.text.slice(start, cursor.position);
  },
  write: (text) => text,
};

function skip(cursor: JsonCursor, depth: number): void {
  if (depth > deepest) throw malformed(cursor);
  if (takeChar(cursor, Char.openObject)) return skipRest(cursor, Char.closeObject, depth);
  if (takeChar(cursor, Char.openList)) return skipRest(cursor, Char.closeList, depth);
  if (takeText(cursor) !== undefined || takeNumber(cursor) !== undefined) return;
  const words = ["true", "false", "null"] as const;
  if (!words.some((word) => takeWord(cursor, word))) throw malformed(cursor);
}

function skipRest(cursor: JsonCursor, end: number, depth: number): void {
  if (takeChar(cursor, end)) return;
  do {
    if (end === Char.closeObject) skipKey(cursor);
    skip(cursor, depth + 1);
  } while (takeChar(cursor, Char.comma));
  if (!takeChar(cursor, end)) throw malformed(cursor);
}

function skipKey(cursor: JsonCursor): void {
  if (takeText(cursor) === undefined || !takeChar(cursor, Char.colon)) throw malformed(cursor);
}

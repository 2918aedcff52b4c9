import { isUtf8 } from "node:buffer";
import type { IdType } from "../../../models/catalogue/id-rules.ts";
import { ServingError } from "../../../proto/serving-error.ts";

/**
 * A place in a JSON text that is read by what is expected there. What is not expected is refused where it starts: depth,
 * keys and duplicates are bounded by the schema, numbers keep all their digits, and complaints know their path.
 */
export interface JsonCursor {
  readonly text: string;
  position: number;
  /** Of the value at hand: names of fields and places in lists. */
  readonly path: (string | number)[];
  /** How ids look; undefined where nobody knows the model, which is refused later. */
  readonly idType: IdType | undefined;
}

export const Char = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const longestShown = 40;
const numberToken = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordToken = /true|false|null/y;
const loneSurrogate = /\p{Surrogate}/u;

export function startJson(body: Buffer, idType: IdType | undefined): JsonCursor {
  if (!isUtf8(body)) throw invalid("the body is not valid UTF-8; send JSON in UTF-8");
  return { text: body.toString("utf8"), position: 0, path: [], idType };
}

export function endJson(cursor: JsonCursor): void {
  if (!Number.isNaN(peekChar(cursor))) throw malformed(cursor);
}

/** The code of the next character that is no white space, which it moves to; NaN at the end. */
export function peekChar(cursor: JsonCursor): number {
  let code = cursor.text.charCodeAt(cursor.position);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09)
    code = cursor.text.charCodeAt(++cursor.position);
  return code;
}

/** Moves behind the character when it comes next. */
export function takeChar(cursor: JsonCursor, code: number): boolean {
  if (peekChar(cursor) !== code) return false;
  cursor.position += 1;
  return true;
}

export function expectChar(cursor: JsonCursor, code: number): void {
  if (!takeChar(cursor, code)) throw malformed(cursor);
}

export function takeWord(cursor: JsonCursor, word: "true" | "false" | "null"): boolean {
  peekChar(cursor);
  if (!cursor.text.startsWith(word, cursor.position)) return false;
  cursor.position += word.length;
  return true;
}

/** Undefined, without moving, when what comes next is no number. The digits are as they came. */
export function takeNumber(cursor: JsonCursor): string | undefined {
  peekChar(cursor);
  return takeToken(cursor, numberToken);
}

/** Undefined, without moving, when what comes next is no string. */
export function takeText(cursor: JsonCursor): string | undefined {
  if (peekChar(cursor) !== Char.quote) return undefined;
  const { text, position: quote } = cursor;
  let at = quote + 1;
  let isEscaped = false;
  for (let code = text.charCodeAt(at); code !== Char.quote; code = text.charCodeAt(++at)) {
    if (!(code >= 0x20)) throw malformed({ ...cursor, position: at });
    if (code !== Char.backslash) continue;
    isEscaped = true;
    at += 1;
  }
  cursor.position = at + 1;
  if (!isEscaped) return text.slice(quote + 1, at);
  return unescaped(cursor, quote);
}

function unescaped(cursor: JsonCursor, start: number): string {
  let value: string;
  try {
    value = JSON.parse(cursor.text.slice(start, cursor.position)) as string;
  } catch {
    throw malformed({ ...cursor, position: start });
  }
  if (loneSurrogate.test(value))
    throw invalid(`${placeOf(cursor)}: half of a surrogate pair is no text`);
  return value;
}

function takeToken(cursor: JsonCursor, token: RegExp): string | undefined {
  token.lastIndex = cursor.position;
  if (!token.test(cursor.text)) return undefined;
  const start = cursor.position;
  cursor.position = token.lastIndex;
  return cursor.text.slice(start, cursor.position);
}

/** The value at hand is JSON but not what belongs there, e.g. "history[3]: expected a string, got 7". */
export function unexpected(cursor: JsonCursor, expected: string): ServingError {
  return invalid(`${placeOf(cursor)}: expected ${expected}, got ${shownValue(cursor)}`);
}

/** @returns Says it of the value at hand. */
export function refused(cursor: JsonCursor, complaint: string): ServingError {
  return invalid(`${placeOf(cursor)}: ${complaint}`);
}

export function malformed({ text, position }: JsonCursor): ServingError {
  if (position >= text.length) return invalid("the body is no JSON: it ends too early");
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  const found = JSON.stringify(String.fromCodePoint(text.codePointAt(position)!));
  return invalid(`the body is no JSON: unexpected ${found} in line ${line}, column ${column}`);
}

function invalid(message: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", message);
}

function placeOf({ path }: JsonCursor): string {
  const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return place === "" ? "the body" : place.replace(/^\./, "");
}

function shownValue(cursor: JsonCursor): string {
  const first = peekChar(cursor);
  if (first === Char.openObject) return "an object";
  if (first === Char.openList) return "a list";
  if (first === Char.quote) return JSON.stringify(shortened(takeText(cursor)!));
  const token = takeToken(cursor, wordToken) ?? takeToken(cursor, numberToken);
  if (token === undefined) throw malformed(cursor);
  return shortened(token);
}

/** Callers choose it, so what goes back is bounded. */
export function shortened(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

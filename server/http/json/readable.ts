import { nearest } from "../../../proto/nearest.ts";
import {
  Char,
  expectChar,
  malformed,
  peekChar,
  refused,
  shortened,
  takeChar,
  takeNumber,
  takeText,
  takeWord,
  unexpected,
  type JsonCursor,
} from "./json-cursor.ts";
import { idSchema, wholeId, type Described, type Schema } from "./schema.ts";

/** What a request may hold: how it is read (throwing INVALID_ARGUMENT with the path), and how it is described. */
export interface Readable<Value> extends Described {
  read(cursor: JsonCursor): Value;
}

const longestName = 64;
const maxInt32 = 2 ** 31 - 1;

export const text: Readable<string> = {
  schema: { type: "string" },
  read: (cursor) => takeText(cursor) ?? fail(cursor, "a string"),
};

export const flag: Readable<boolean> = {
  schema: { type: "boolean" },
  read: (cursor) =>
    takeWord(cursor, "true") || (!takeWord(cursor, "false") && fail(cursor, "true or false")),
};

/** Text always; a number where ids are numbers, or where the model is unknown and the backend will say so. */
export const id: Readable<string> = {
  schema: idSchema,
  read(cursor) {
    const string = takeText(cursor);
    if (string !== undefined) return string;
    if (cursor.idType === "string") return fail(cursor, "a string");
    const start = cursor.position;
    const digits = takeNumber(cursor);
    if (digits !== undefined && wholeId.test(digits) && Number.isSafeInteger(Number(digits)))
      return digits;
    cursor.position = start;
    return fail(cursor, "a whole number up to 2^53 - 1, or a string");
  },
};

export const int32 = integer("int32", [-maxInt32 - 1, maxInt32], "a whole number of 32 bits");

/** As far as JavaScript counts. */
export const int64 = integer(
  "int64",
  [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  "a whole number up to 2^53 - 1",
);

/** As proto3 has it in JSON: a number or the same as text, in any notation. */
function integer(
  format: string,
  [least, most]: readonly [least: number, most: number],
  allowed: string,
): Readable<number> {
  return {
    schema: { type: format === "int64" ? ["string", "integer"] : "integer", format },
    read(cursor) {
      peekChar(cursor);
      const start = cursor.position;
      const digits = takeNumber(cursor) ?? takeText(cursor) ?? "";
      const value = digits.trim() === "" ? Number.NaN : Number(digits);
      if (Number.isInteger(value) && value >= least && value <= most) return value + 0;
      cursor.position = start;
      return fail(cursor, allowed);
    },
  };
}

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** As proto3 has it in JSON: RFC 3339, kept to the millisecond. */
export const time: Readable<Date> = {
  schema: { type: "string", format: "date-time" },
  read(cursor) {
    const start = cursor.position;
    const [, seconds, fraction = "", zone] = rfc3339.exec(takeText(cursor) ?? "") ?? [];
    const value = new Date(`${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`);
    if (!Number.isNaN(value.getTime())) return value;
    cursor.position = start;
    return fail(cursor, "a time like 2026-01-31T12:00:00Z");
  },
};

export function list<Value>(of: Readable<Value>, maxItems: number): Readable<Value[]> {
  return {
    schema: { type: "array", items: of.schema, maxItems },
    read(cursor) {
      if (!takeChar(cursor, Char.openList)) return fail(cursor, "a list");
      const values: Value[] = [];
      if (takeChar(cursor, Char.closeList)) return values;
      const place = cursor.path.push(0) - 1;
      do {
        if (values.length === maxItems) throw tooMany(cursor, maxItems);
        cursor.path[place] = values.length;
        values.push(of.read(cursor));
      } while (takeChar(cursor, Char.comma));
      expectChar(cursor, Char.closeList);
      cursor.path.pop();
      return values;
    },
  };
}

function tooMany(cursor: JsonCursor, maxItems: number): Error {
  cursor.path.pop();
  return refused(cursor, `more than ${maxItems} elements; send at most ${maxItems}`);
}

/** Names of the caller's choice. */
export function map<Value>(
  of: Readable<Value>,
  maxEntries: number,
): Readable<Record<string, Value>> {
  return {
    schema: { type: "object", additionalProperties: of.schema },
    read(cursor) {
      if (!takeChar(cursor, Char.openObject)) return fail(cursor, "an object");
      const entries = new Map<string, Value>();
      if (takeChar(cursor, Char.closeObject)) return {};
      const place = cursor.path.push("") - 1;
      do {
        const name = takeText(cursor);
        if (name === undefined) throw malformed(cursor);
        cursor.path[place] = shortened(name);
        expectChar(cursor, Char.colon);
        if (entries.has(name)) throw refused(cursor, "given twice");
        if (entries.size === maxEntries) throw refused(cursor, `more than ${maxEntries} entries`);
        entries.set(name, of.read(cursor));
      } while (takeChar(cursor, Char.comma));
      expectChar(cursor, Char.closeObject);
      cursor.path.pop();
      return Object.fromEntries(entries);
    },
  };
}

export type Fields<Message> = {
  readonly [Name in keyof Message & string]?: Readable<NonNullable<Message[Name]>>;
};

export interface MessageOptions<Message> {
  readonly title: string;
  readonly fields: Fields<Message>;
  readonly required?: readonly (keyof Message & string)[];
  readonly empty: () => Message;
}

interface Slot {
  readonly place: number;
  readonly name: string;
  readonly type: Readable<unknown>;
}

/** Names may be spelt in lowerCamelCase or snake_case; null is as good as absent. */
export function message<Message>(options: MessageOptions<Message>): Readable<Message> {
  const { title, fields, required = [], empty } = options;
  const slots = slotsOf(fields as Readonly<Record<string, Readable<unknown>>>);
  return {
    schema: {
      title,
      type: "object",
      ...propertiesOf(fields),
      required,
      additionalProperties: false,
    },
    read(cursor) {
      if (!takeChar(cursor, Char.openObject)) return fail(cursor, "an object");
      const value = empty() as Record<string, unknown>;
      const seen = readFields(cursor, slots, value);
      const missing = required.find((name) => (seen & (1 << slots.get(name)!.place)) === 0);
      if (missing !== undefined) throw refused(cursor, `${missing} is required`);
      return value as Message;
    },
  };
}

/** @returns A bit for each field that came. */
function readFields(
  cursor: JsonCursor,
  slots: ReadonlyMap<string, Slot>,
  value: Record<string, unknown>,
): number {
  let seen = 0;
  if (takeChar(cursor, Char.closeObject)) return seen;
  const depth = cursor.path.push("") - 1;
  do {
    const name = takeText(cursor);
    if (name === undefined) throw malformed(cursor);
    cursor.path[depth] = shortened(name);
    expectChar(cursor, Char.colon);
    const slot = slots.get(name) ?? unknownField(cursor, name, slots);
    if ((seen & (1 << slot.place)) !== 0) throw refused(cursor, "given twice");
    seen |= 1 << slot.place;
    if (!takeWord(cursor, "null")) value[slot.name] = slot.type.read(cursor);
  } while (takeChar(cursor, Char.comma));
  expectChar(cursor, Char.closeObject);
  cursor.path.pop();
  return seen;
}

function slotsOf(fields: Readonly<Record<string, Readable<unknown>>>): ReadonlyMap<string, Slot> {
  const slots = Object.entries(fields).map(([name, type], place) => ({ place, name, type }));
  return new Map(
    slots.flatMap((slot) => [
      [slot.name, slot],
      [snakeCase(slot.name), slot],
    ]),
  );
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function propertiesOf(fields: object): Pick<Schema, "properties"> {
  const entries = Object.entries(fields as Readonly<Record<string, Described>>);
  return { properties: Object.fromEntries(entries.map(([name, type]) => [name, type.schema])) };
}

function unknownField(cursor: JsonCursor, name: string, slots: ReadonlyMap<string, Slot>): never {
  const names = [...new Set([...slots.values()].map((slot) => slot.name))];
  const near = name.length > longestName ? undefined : nearest(name, names);
  const hint = near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw refused(cursor, `no such field; ${hint}`);
}

function fail(cursor: JsonCursor, expected: string): never {
  throw unexpected(cursor, expected);
}

import type { IdType } from "../../../models/catalogue/id-rules.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { idSchema, wholeId, type Described, type Schema } from "./schema.ts";

/** What a reply may hold: how it is written, and how it is described. */
export interface Writable<Value> extends Described {
  write(value: Value, ids: IdType): string;
}

export const text: Writable<string> = {
  schema: { type: "string" },
  write: (value) => JSON.stringify(value),
};

/** What is no number stays text: an unknown id of a caller, where ids are numbers. */
export const id: Writable<string> = {
  schema: idSchema,
  write: (value, ids) => (ids === "int" && wholeId.test(value) ? value : JSON.stringify(value)),
};

export const flag: Writable<boolean> = { schema: { type: "boolean" }, write: String };

export const int32: Writable<number> = {
  schema: { type: "integer", format: "int32" },
  write: String,
};

/** As proto3 has it in JSON: text, since many parsers round large numbers. */
export const int64: Writable<number> = {
  schema: { type: "string", format: "int64" },
  write: (value) => `"${value}"`,
};

export const number: Writable<number> = {
  schema: { type: "number" },
  write(value) {
    if (Number.isFinite(value)) return String(value);
    throw new ServingError("INTERNAL", `the model gave ${value}, which JSON cannot say`);
  },
};

/** As proto3 has it in JSON: what is no number there is text. */
export const double: Writable<number> = {
  schema: { type: ["number", "string"] },
  write: (value) => (Number.isFinite(value) ? String(value) : `"${value}"`),
};

export const time: Writable<Date> = {
  schema: { type: "string", format: "date-time" },
  write: (value) => JSON.stringify(value),
};

/** @param names The texts that stand for the numbers. */
export function choice<Value extends number>(names: ReadonlyMap<Value, string>): Writable<Value> {
  return {
    schema: { type: "string", enum: [...names.values()] },
    write: (value) => JSON.stringify(names.get(value) ?? value),
  };
}

export function list<Value>(of: Writable<Value>): Writable<readonly Value[]> {
  return {
    schema: { type: "array", items: of.schema },
    write(values, ids) {
      let json = "[";
      for (const [i, value] of values.entries())
        json += (i === 0 ? "" : ",") + of.write(value, ids);
      return `${json}]`;
    },
  };
}

export type Fields<Message> = {
  readonly [Name in keyof Message & string]-?: Writable<NonNullable<Message[Name]>>;
};

/** Every field is written, whatever its value; only what is undefined is left out. */
export function message<Message extends object>(
  title: string,
  fields: Fields<Message>,
  optional: readonly (keyof Message & string)[] = [],
): Writable<Message> {
  const entries = Object.entries(fields) as [keyof Message & string, Writable<unknown>][];
  const properties = Object.fromEntries(entries.map(([name, type]) => [name, type.schema]));
  const required = entries.map(([name]) => name).filter((name) => !optional.includes(name));
  const schema: Schema = { title, type: "object", properties, required };
  const members = entries.map(([name, type]) => ({ name, type, key: `${JSON.stringify(name)}:` }));
  return {
    schema,
    write(value, ids) {
      let json = "";
      for (const { name, type, key } of members) {
        const field = value[name];
        if (field === undefined) continue;
        json += (json === "" ? "{" : ",") + key + type.write(field, ids);
      }
      return json === "" ? "{}" : `${json}}`;
    },
  };
}

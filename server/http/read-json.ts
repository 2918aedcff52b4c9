import type { IdType } from "../../models/catalogue/id-rules.ts";
import { endJson, startJson } from "./json/json-cursor.ts";
import type { Readable } from "./json/readable.ts";

/** A body that is one such value and nothing else; throws INVALID_ARGUMENT. */
export function readJson<Value>(
  type: Readable<Value>,
  body: Buffer,
  idType: IdType | undefined,
): Value {
  const cursor = startJson(body, idType);
  const value = type.read(cursor);
  endJson(cursor);
  return value;
}

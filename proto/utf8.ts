import { isUtf8 } from "node:buffer";
import { ServingError } from "./serving-error.ts";

/** Where a call into native code, with the view that it needs, costs less than a look at each byte. */
const longText = 128;

/** Whether bytes [start, end) are text. */
export function isUtf8Span(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > longText) return isUtf8(bytes.subarray(start, end));
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) return isUtf8(bytes.subarray(at, end));
  }
  return true;
}

/** @param where The field, and the index of the element, e.g. "history[3]". */
export function invalidUtf8(where: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", `${where} is not valid UTF-8; send text`);
}

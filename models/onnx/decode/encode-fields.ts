import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Field } from "./fields.ts";

/** Fields as they were read: the same bytes. */
export function joinFields(fields: Iterable<Pick<Field, "bytes">>): Uint8Array<ArrayBuffer> {
  const parts = [...fields].map(({ bytes }) => bytes);
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A field that holds a message, text or bytes. */
export function bytesField(number: number, value: Uint8Array): Pick<Field, "bytes"> {
  const bytes = new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(value).finish();
  return { bytes };
}

export function textField(number: number, text: string): Pick<Field, "bytes"> {
  return bytesField(number, Buffer.from(text));
}

export function integerField(number: number, value: number): Pick<Field, "bytes"> {
  return { bytes: new BinaryWriter().tag(number, WireType.Varint).int64(value).finish() };
}

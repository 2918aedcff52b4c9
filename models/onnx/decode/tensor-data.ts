import { closeSync, openSync, readSync } from "node:fs";
import { WireType } from "@bufbuild/protobuf/wire";
import { byteCount } from "./decode-tensor.ts";
import { integersOf, malformed } from "./fields.ts";
import type { Field } from "./fields.ts";
import type { DecodedTensor, ExternalPlace } from "./model.ts";
import { typeName } from "./type-codes.ts";

/** Finds a file beside the model, or throws an Error that says why it must not be read. */
export type FindExternal = (place: ExternalPlace, bytes: number) => string;

/** The elements of a tensor, little-endian one after the other, wherever the file keeps them. */
export function tensorData(tensor: DecodedTensor, findExternal: FindExternal): Uint8Array {
  const { name, dims, typeCode, content } = tensor;
  if (content.kind === "raw") return content.bytes;
  const bytes = byteCount(dims, typeCode);
  if (bytes === undefined)
    throw new Error(`the tensor "${name}" is ${typeName(typeCode)}, which is not read`);
  if (content.kind === "external")
    return readRange(findExternal(content.at, bytes), content.at.offset, bytes);
  return typedBytes(tensor, content.fields, bytes);
}

function readRange(file: string, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length);
  const handle = openSync(file, "r");
  try {
    for (let at = 0; at < length;) {
      const read = readSync(handle, bytes, at, length - at, offset + at);
      if (read === 0) throw new Error(`${file} became shorter while it was read`);
      at += read;
    }
  } finally {
    closeSync(handle);
  }
  return bytes;
}

const int64 = 7;
/** float32 and float64, whose fields have the bytes as they are. */
const wide: readonly number[] = [1, 11];

/** Small types share the field of int32, one number an element. */
function typedBytes({ name, typeCode }: DecodedTensor, fields: readonly Field[], bytes: number) {
  const found = wide.includes(typeCode)
    ? Buffer.concat(fields.map(({ value }) => value))
    : wholeNumbers(fields, typeCode, `the tensor "${name}"`);
  if (found.length === bytes) return found;
  throw malformed(
    `the tensor "${name}" needs ${bytes.toLocaleString("en")} bytes and has ${found.length.toLocaleString("en")}`,
  );
}

function wholeNumbers(fields: readonly Field[], typeCode: number, what: string): Uint8Array {
  const numbers = fields
    .filter(({ wireType }) => wireType !== WireType.Bit32 && wireType !== WireType.Bit64)
    .flatMap((field) => integersOf(field, what));
  const width = byteCount([1], typeCode)!;
  const bytes = Buffer.alloc(numbers.length * width);
  numbers.forEach((number, i) => {
    const unsigned = BigInt.asUintN(8 * width, number);
    if (typeCode === int64 || width === 8) bytes.writeBigUInt64LE(unsigned, 8 * i);
    else bytes.writeUIntLE(Number(unsigned), width * i, width);
  });
  return bytes;
}

/** Of a float32 tensor. */
export function tensorFloats(tensor: DecodedTensor, findExternal: FindExternal): Float32Array {
  const bytes = tensorData(tensor, findExternal);
  // A copy, since the bytes need not start at a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

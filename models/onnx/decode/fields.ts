import { WireType } from "@bufbuild/protobuf/wire";

/** One field of a message, as it lies in the file. */
export interface Field {
  readonly number: number;
  readonly wireType: WireType;
  /** Tag included: written again as it is, nothing is lost of what nobody here understands. */
  readonly bytes: Uint8Array;
  /** What follows the tag; of a message, text or bytes what follows its length. */
  readonly value: Uint8Array;
}

/** Far beyond the nodes and weights of any graph: a field of two bytes in the file takes hundreds in memory. */
const maxFields = 1_000_000;

/** Counts the fields of messages that belong together. */
export interface FieldBudget {
  left: number;
}

export function createFieldBudget(): FieldBudget {
  return { left: maxFields };
}

/** Fields in their order. They are views: nothing is copied. Throws an Error when the budget, that of this message alone without one, does not do. */
export function readFields(
  message: Uint8Array,
  what: string,
  budget = createFieldBudget(),
): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length;) {
    if (budget.left-- === 0)
      throw malformed(`it has more than ${maxFields.toLocaleString("en")} fields, up to ${what}`);
    const field = readField(message, at, what);
    fields.push(field);
    at += field.bytes.length;
  }
  return fields;
}

function readField(message: Uint8Array, start: number, what: string): Field {
  const tag = readVarint(message, start, what);
  const number = Number(tag.value >> 3n);
  const wireType = Number(tag.value & 7n) as WireType;
  if (number === 0 || number > 0x1fff_ffff)
    throw malformed(`${what} has a field with the number ${number} at byte ${start}`);
  const { valueAt, end } = spanOf(message, { wireType, at: tag.end, what });
  if (end > message.length) {
    const claimed = end - valueAt;
    throw malformed(
      `${what} claims ${claimed.toLocaleString("en")} bytes for field ${number}, and ${(message.length - valueAt).toLocaleString("en")} are left; the file is cut short or was damaged on its way: copy it again`,
    );
  }
  return {
    number,
    wireType,
    bytes: message.subarray(start, end),
    value: message.subarray(valueAt, end),
  };
}

interface Place {
  readonly wireType: WireType;
  readonly at: number;
  readonly what: string;
}

function spanOf(message: Uint8Array, { wireType, at, what }: Place) {
  if (wireType === WireType.Varint) return { valueAt: at, end: readVarint(message, at, what).end };
  if (wireType === WireType.Bit64) return { valueAt: at, end: at + 8 };
  if (wireType === WireType.Bit32) return { valueAt: at, end: at + 4 };
  if (wireType !== WireType.LengthDelimited)
    throw malformed(
      `${what} has a field of wire type ${wireType} at byte ${at}, which no ONNX file uses`,
    );
  const length = readVarint(message, at, what);
  // A length beyond what numbers tell exactly is beyond any file as well.
  return { valueAt: length.end, end: length.end + Number(length.value) };
}

const maxVarintBytes = 10;

interface Varint {
  readonly value: bigint;
  readonly end: number;
}

function readVarint(bytes: Uint8Array, start: number, what: string): Varint {
  let value = 0n;
  for (let i = 0; i < maxVarintBytes; i++) {
    const byte = bytes[start + i];
    if (byte === undefined)
      throw malformed(
        `${what} ends in the middle of a number; the file is cut short: copy it again`,
      );
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw malformed(`${what} has a number of more than ${maxVarintBytes} bytes at byte ${start}`);
}

/** The whole numbers of a repeated field: one of a field each, or packed into one. */
export function integersOf({ wireType, value }: Field, what: string): bigint[] {
  const numbers: bigint[] = [];
  for (let at = 0; at < value.length;) {
    const { value: number, end } = readVarint(value, at, what);
    numbers.push(BigInt.asIntN(64, number));
    at = end;
    if (wireType === WireType.Varint) break;
  }
  return numbers;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function textOf({ value }: Field, what: string): string {
  try {
    return utf8.decode(value);
  } catch (cause) {
    throw new Error(`it is no sound ONNX file: ${what} has a text that is no UTF-8`, { cause });
  }
}

export function malformed(problem: string): Error {
  return new Error(`it is no sound ONNX file: ${problem}`);
}

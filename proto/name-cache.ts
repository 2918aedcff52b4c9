import { invalidUtf8 } from "./utf8.ts";

/** Makes a string of bytes [start, end), the same one for the same bytes. Throws INVALID_ARGUMENT when they are no text. */
export type NameCache = (bytes: Uint8Array, start: number, end: number) => string;

interface Name {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const slotCount = 1024;
const maxKeptBytes = 128;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * For what repeats from request to request: names of models and versions. Keeps at most 1,024 of at most 128 bytes;
 * one that meets another in its slot takes its place, so that a hostile caller can cost time but no memory.
 * @param field For error messages.
 */
export function createNameCache(field: string): NameCache {
  const slots = Array.from<Name | undefined>({ length: slotCount });
  return (bytes, start, end) => {
    if (start === end) return "";
    const slot = hash(bytes, start, end) & (slotCount - 1);
    const known = slots[slot];
    if (
      known !== undefined &&
      end - start === known.bytes.length &&
      startsWith(bytes, start, known.bytes)
    ) {
      return known.text;
    }
    // A copy: `slice` of a Buffer, which is what requests are, would keep the whole message.
    const name = {
      bytes: new Uint8Array(bytes.subarray(start, end)),
      text: decode(bytes.subarray(start, end), field),
    };
    if (end - start <= maxKeptBytes) slots[slot] = name;
    return name.text;
  };
}

/** FNV-1a. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  return value ^ (value >>> 15);
}

function startsWith(bytes: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[start + index] !== expected[index]) return false;
  }
  return true;
}

function decode(bytes: Uint8Array, field: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidUtf8(field);
  }
}

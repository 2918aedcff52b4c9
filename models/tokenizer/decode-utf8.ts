import { codePointAt, codePointMask } from "../code-point.ts";

/** Where a name ends for a tokenizer: at most so many bytes, and no character in halves. */
export function cutAt(bytes: Uint8Array, most: number): number {
  if (bytes.length <= most) return bytes.length;
  let end = most;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return end;
}

/** The code points of bytes [from, to), written to `into` from its start. Returns how many: never more than bytes. */
export function decodeUtf8(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  into: Int32Array,
): number {
  let count = 0;
  for (let at = from; at < to;) {
    const read = codePointAt(bytes, at, to);
    into[count++] = read & codePointMask;
    at += read >>> 21;
  }
  return count;
}

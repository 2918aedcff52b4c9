/** What stands for bytes that are no UTF-8. */
const replacement = 0xfffd;

/** Where a name ends for a tokenizer: at most so many bytes, and no character in halves. */
export function cutAt(bytes: Uint8Array, most: number): number {
  if (bytes.length <= most) return bytes.length;
  let end = most;
  while (end > 0 && isContinuation(bytes[end])) end--;
  return end;
}

/**
 * The code points of bytes [from, to), written to `into` from its start. Returns how many: never more than bytes. A byte that
 * begins no character, or one that is cut short, is a replacement character.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  into: Int32Array,
): number {
  let count = 0;
  for (let at = from; at < to;) {
    const first = bytes[at]!;
    if (first < 0x80) {
      into[count++] = first;
      at++;
      continue;
    }
    const length = lengthOf(first);
    const code = at + length <= to ? read(bytes, at, length) : replacement;
    into[count++] = code;
    at += code === replacement ? 1 : length;
  }
  return count;
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

const firstBits = [0, 0x7f, 0x1f, 0x0f, 0x07];
/** Fewer bytes would have done for what lies below: such spellings are not allowed. */
const least = [0, 0, 0x80, 0x800, 0x1_0000];

function read(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at]!;
  if (first < 0xc2 || first > 0xf4) return replacement;
  let code = first & firstBits[length]!;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (!isContinuation(next)) return replacement;
    code = (code << 6) | (next! & 0x3f);
  }
  const isSurrogate = code >= 0xd800 && code < 0xe000;
  return isSurrogate || code < least[length]! || code > 0x10_ffff ? replacement : code;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

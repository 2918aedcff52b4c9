const replacement = 0xfffd;

/**
 * The code point at a place in bytes, below how many bytes it takes: `codePoint | bytes << 21`. One byte of what is no UTF-8
 * (overlong, a surrogate, cut off) is U+FFFD.
 */
export function codePointAt(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return lead | (1 << 21);
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > end) return replacement | (1 << 21);
  let codePoint = lead & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i]!;
    if ((byte & 0xc0) !== 0x80) return replacement | (1 << 21);
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  return isTooLong(codePoint, length) || isSurrogate(codePoint) || codePoint > 0x10ffff
    ? replacement | (1 << 21)
    : codePoint | (length << 21);
}

export const codePointMask = 2 ** 21 - 1;

function isTooLong(codePoint: number, length: number): boolean {
  return (length === 3 && codePoint < 0x800) || (length === 4 && codePoint < 0x10000);
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint < 0xe000;
}

/** Writes a code point that is no surrogate as UTF-8. @returns Where it ends. */
export function putCodePoint(bytes: Uint8Array, at: number, codePoint: number): number {
  if (codePoint < 0x80) {
    bytes[at] = codePoint;
    return at + 1;
  }
  if (codePoint < 0x800) {
    bytes[at] = 0xc0 | (codePoint >> 6);
    bytes[at + 1] = 0x80 | (codePoint & 0x3f);
    return at + 2;
  }
  if (codePoint < 0x10000) {
    bytes[at] = 0xe0 | (codePoint >> 12);
    bytes[at + 1] = 0x80 | ((codePoint >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (codePoint & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (codePoint >> 18);
  bytes[at + 1] = 0x80 | ((codePoint >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((codePoint >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (codePoint & 0x3f);
  return at + 4;
}

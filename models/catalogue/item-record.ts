/**
 * Finds its way in item records as `encodeItemRecord` writes them:
 *
 *     0x0A length   0x0D score (4 bytes)   0x12 length id   0x1A length title
 *
 * An id's length takes one byte, the record's and the title's one or two; an empty title is left out.
 */
export const tag = { item: 0x0a, score: 0x0d, id: 0x12, title: 0x1a };

/** Score tag, score, id tag, id length. */
export const scoreAndIdBytes = 7;

/** Where the record starts whose id's first byte lies at `idAt`. */
export function recordStart(entries: Uint8Array, idAt: number): number {
  const at = idAt - scoreAndIdBytes - 2;
  // Either the tag, or the first byte of a longer length: only the last byte of a varint is below 0x80.
  return entries[at]! < 0x80 ? at : at - 1;
}

export function recordEnd(entries: Uint8Array, start: number): number {
  const low = entries[start + 1]!;
  return low < 0x80 ? start + 2 + low : start + 3 + (low & 0x7f) + (entries[start + 2]! << 7);
}

/** @param idEnd Of a record that goes on behind the id: it has a title. */
export function titleStart(entries: Uint8Array, idEnd: number): number {
  return entries[idEnd + 1]! < 0x80 ? idEnd + 2 : idEnd + 3;
}

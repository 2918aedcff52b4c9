/**
 * Finds its way in item records as `encodeItemRecord` writes them:
 *
 *     0x0A length   0x0D score (4 bytes)   0x12 length id   0x1A length title   0x22 length artist
 *
 * An id's length takes one byte, those of the record, the title and the artist one or two; an empty title or artist is
 * left out.
 */
export const tag = { item: 0x0a, score: 0x0d, id: 0x12, title: 0x1a, artist: 0x22 };

/** Score tag, score, id tag, id length. */
export const scoreAndIdBytes = 7;

/** Where the record starts whose id's first byte lies at `idAt`. */
export function recordStart(entries: Uint8Array, idAt: number): number {
  const at = idAt - scoreAndIdBytes - 2;
  // Either the tag, or the first byte of a longer length: only the last byte of a varint is below 0x80.
  return entries[at]! < 0x80 ? at : at - 1;
}

export function recordEnd(entries: Uint8Array, start: number): number {
  return textEnd(entries, start);
}

/** @param tagAt Where a field with a length of one or two bytes has its tag. */
export function textStart(entries: Uint8Array, tagAt: number): number {
  return entries[tagAt + 1]! < 0x80 ? tagAt + 2 : tagAt + 3;
}

export function textEnd(entries: Uint8Array, tagAt: number): number {
  return textStart(entries, tagAt) + lengthAt(entries, tagAt + 1);
}

function lengthAt(entries: Uint8Array, at: number): number {
  const low = entries[at]!;
  return low < 0x80 ? low : (low & 0x7f) + (entries[at + 1]! << 7);
}

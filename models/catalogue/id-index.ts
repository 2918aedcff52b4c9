import { hashId } from "./hash-id.ts";
import { indexMask, readLayout } from "./layout.ts";
import type { Layout } from "./layout.ts";

/** Ids and their dense indexes. Every id is valid UTF-8, not empty, free of NUL, and there once. */
export interface IdIndex {
  readonly size: number;
  /** The whole index: written as it is, it is the index's file; handed to a worker, it is opened there without a copy. */
  readonly buffer: SharedArrayBuffer;
  /** The index of the id that bytes [start, end) spell, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number;
  idOf(index: number): string;
}

/** @param buffer Of an index that was built or loaded before. */
export function openIdIndex(buffer: SharedArrayBuffer): IdIndex {
  return indexOf(readLayout(buffer));
}

export function indexOf({ buffer, idAt, slots, entries }: Layout): IdIndex {
  const lastSlot = slots.length / 2 - 1;
  const text = Buffer.from(buffer, entries.byteOffset, entries.length);
  const words = viewOf(entries);
  // A request's ids are looked up one after the other, so the view of its bytes is kept until another's are asked for.
  let asked: Uint8Array = entries;
  let askedWords = words;
  return {
    size: idAt.length,
    buffer,
    find(bytes, start, end) {
      if (bytes !== asked) {
        asked = bytes;
        askedWords = viewOf(bytes);
      }
      const hash = hashId(askedWords, start, end);
      for (let slot = hash & lastSlot; ; slot = (slot + 1) & lastSlot) {
        const at = slots[2 * slot + 1]!;
        if (at === 0) return -1;
        const index = slots[2 * slot]!;
        if ((index ^ hash) >>> 28 !== 0 || entries[at - 1] !== end - start) continue;
        const shift = at - start;
        let i = start;
        while (i + 4 <= end && askedWords.getInt32(i, true) === words.getInt32(i + shift, true))
          i += 4;
        while (i < end && bytes[i] === entries[i + shift]) i += 1;
        if (i === end) return index & indexMask;
      }
    },
    idOf(index) {
      const at = idAt[index];
      if (at === undefined) throw new RangeError(`index ${index} is not one of ${idAt.length} ids`);
      return text.toString("utf8", at, at + text[at - 1]!);
    },
  };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

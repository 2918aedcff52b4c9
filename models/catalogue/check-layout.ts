import { isUtf8 } from "node:buffer";
import { recordEnd, scoreAndIdBytes, tag, textEnd, textStart } from "./item-record.ts";
import { indexMask, maxIdBytes } from "./layout.ts";
import type { Layout } from "./layout.ts";

/** How many entries or slots are checked between two yields: well under a millisecond. */
const sliceLength = 8192;

/**
 * Says what is wrong with a layout whose header fits, or undefined. Yields now and then, so that the caller may let other
 * work run. Afterwards no look-up reads outside the index or runs forever, and every reply is valid protobuf; that each id
 * is in the slot where it is looked for is what the part's checksum is for.
 */
export function* checkLayout(layout: Layout): Generator<void, string | undefined> {
  return (yield* checkEntries(layout)) ?? (yield* checkSlots(layout));
}

function* checkEntries(layout: Layout): Generator<void, string | undefined> {
  const { idAt, entries, kind } = layout;
  let start = 0;
  for (let index = 0; index < idAt.length; index++) {
    const end =
      kind === "items"
        ? checkRecord(layout, start, idAt[index]!)
        : checkId(entries, start + 1, idAt[index]!);
    if (end < 0) return `entry ${index} of ${idAt.length}, at byte ${start}, is malformed`;
    start = end;
    if (index % sliceLength === 0) yield;
  }
  return start === entries.length
    ? undefined
    : `${entries.length - start} bytes follow the last entry`;
}

/** @returns Where the record ends, or -1. */
function checkRecord({ entries, hasArtists }: Layout, start: number, idAt: number): number {
  const lengthBytes = entries[start + 1]! < 0x80 ? 1 : 2;
  const scoreTag = start + 1 + lengthBytes;
  const end = recordEnd(entries, start);
  const isRecord =
    entries[start] === tag.item &&
    entries[scoreTag - 1]! < 0x80 &&
    entries[scoreTag] === tag.score &&
    entries[scoreTag + 5] === tag.id &&
    end <= entries.length;
  let at = isRecord ? checkId(entries, scoreTag + scoreAndIdBytes, idAt) : -1;
  if (at < 0 || at > end) return -1;
  if (at < end && entries[at] === tag.title) at = checkText(entries, at, end);
  if (hasArtists && at < end && entries[at] === tag.artist) at = checkText(entries, at, end);
  return at === end ? end : -1;
}

/** @returns Where the id ends, or -1. */
function checkId(entries: Uint8Array, at: number, idAt: number): number {
  const length = entries[at - 1];
  if (at !== idAt || length === undefined || length === 0 || length > maxIdBytes) return -1;
  const end = at + length;
  return end <= entries.length && isText(entries, at, end) ? end : -1;
}

/** @returns Where the text ends whose tag lies at `tagAt`; past `end` when it is malformed. */
function checkText(entries: Uint8Array, tagAt: number, end: number): number {
  const start = textStart(entries, tagAt);
  const stop = textEnd(entries, tagAt);
  return stop > start && stop <= end && isText(entries, start, stop) ? stop : Infinity;
}

function isText(bytes: Uint8Array, start: number, end: number): boolean {
  let isAscii = true;
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0) return false;
    if (bytes[at]! >= 0x80) isAscii = false;
  }
  return isAscii || isUtf8(bytes.subarray(start, end));
}

function* checkSlots({ idAt, slots }: Layout): Generator<void, string | undefined> {
  const slotted = new Uint8Array(idAt.length);
  let taken = 0;
  for (let slot = 0; slot < slots.length / 2; slot++) {
    if (slots[2 * slot + 1] !== 0) {
      const index = slots[2 * slot]! & indexMask;
      if (slots[2 * slot + 1] !== idAt[index])
        return `slot ${slot} points beside entry ${index} of ${idAt.length}`;
      if (slotted[index] === 1) return `entry ${index} is in two slots`;
      slotted[index] = 1;
      taken += 1;
    }
    if (slot % sliceLength === 0) yield;
  }
  return taken === idAt.length ? undefined : `${idAt.length - taken} entries are in no slot`;
}

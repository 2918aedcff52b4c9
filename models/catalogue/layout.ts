import { ServingError } from "../../proto/serving-error.ts";

/**
 * An index file, which is also how it lies in memory; all numbers are little-endian int32. Format 2 is format 1 with
 * artists in item records, which readers of 1 would take for damage; what has none is written as format 1:
 *
 *     header    magic, format, kind, count, slot count, entry bytes, 0, 0
 *     idAt      where each id's first byte lies in the entries; the byte before it is the id's length
 *     slots     pairs: an id's index below the top four bits of its hash; its place in the entries, 0 = empty slot.
 *               Open addressing by the hash's low bits; the next slot is the next try
 *     entries   ids, each behind its length; in a catalogue the reply's item record that holds both
 */
export interface Layout {
  readonly buffer: SharedArrayBuffer;
  readonly kind: IndexKind;
  readonly hasArtists: boolean;
  readonly idAt: Int32Array;
  readonly slots: Int32Array;
  readonly entries: Uint8Array;
}

export type IndexKind = "ids" | "items";

export interface LayoutSizes {
  readonly kind: IndexKind;
  readonly hasArtists: boolean;
  readonly count: number;
  readonly slotCount: number;
  readonly entryBytes: number;
}

/** One byte holds an id's length, in an entry and as a protobuf varint. */
export const maxIdBytes = 127;

/** Of a title, and of an artist: so that two bytes hold a record's length. */
export const maxTextBytes = 1024;

/** Positions are int32. */
export const maxEntryBytes = 2 ** 31 - 1;

/** The part of a slot's first number that is the index; the rest comes from the hash, to tell most ids apart unread. */
export const indexMask = 2 ** 28 - 1;

const magic = Buffer.from("CfIx").readInt32LE();
const plainFormat = 1;
const artistFormat = 2;
const kinds: readonly IndexKind[] = ["ids", "items"];
const headerBytes = 32;
const maxSlotCount = indexMask + 1;

export function allocateLayout(sizes: LayoutSizes): Layout {
  const buffer = new SharedArrayBuffer(totalBytes(sizes));
  const { kind, hasArtists, count, slotCount, entryBytes } = sizes;
  const format = hasArtists ? artistFormat : plainFormat;
  headerOf(buffer).set([magic, format, kinds.indexOf(kind), count, slotCount, entryBytes]);
  return viewsOf(buffer, sizes);
}

/** Checks the header against the buffer's length; `checkLayout` checks the rest. */
export function readLayout(buffer: SharedArrayBuffer, source = "the id index"): Layout {
  if (buffer.byteLength < headerBytes) {
    throw damaged(source, `it has ${buffer.byteLength} bytes, less than a header`);
  }
  const header = headerOf(buffer);
  if (header[0] !== magic) throw damaged(source, "it does not start as one");
  const format = header[1]!;
  if (format !== plainFormat && format !== artistFormat)
    throw damaged(
      source,
      `its format is ${format}, this build reads ${plainFormat} and ${artistFormat}`,
    );
  const kind = kinds[header[2]!];
  if (kind === undefined)
    throw damaged(source, `its kind is ${header[2]}, not 0 (ids) or 1 (items)`);
  const sizes = {
    kind,
    hasArtists: format === artistFormat,
    count: header[3]!,
    slotCount: header[4]!,
    entryBytes: header[5]!,
  };
  const problem = sizesProblem(sizes, buffer.byteLength);
  if (problem !== undefined) throw damaged(source, problem);
  return viewsOf(buffer, sizes);
}

function headerOf(buffer: SharedArrayBuffer): Int32Array {
  return new Int32Array(buffer, 0, headerBytes / 4);
}

export function damaged(source: string, problem: string): ServingError {
  return new ServingError("DATA_LOSS", `${source} is damaged: ${problem}; build or copy it again`);
}

/** At most two thirds are taken: short probes, and an empty slot that ends each of them. */
export function slotCountFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, count * 1.5)));
}

function sizesProblem(sizes: LayoutSizes, bufferBytes: number): string | undefined {
  const { count, slotCount, entryBytes } = sizes;
  if (count < 0 || entryBytes < 0) return `it claims ${count} ids in ${entryBytes} bytes`;
  if (slotCount < 2 || slotCount > maxSlotCount || (slotCount & (slotCount - 1)) !== 0) {
    return `it claims ${slotCount} slots, which is no power of two from 2 to ${maxSlotCount}`;
  }
  if (count >= slotCount) return `it claims ${count} ids in ${slotCount} slots`;
  if (totalBytes(sizes) === bufferBytes) return undefined;
  return `it has ${bufferBytes} bytes where its header tells of ${totalBytes(sizes)}`;
}

function totalBytes({ count, slotCount, entryBytes }: LayoutSizes): number {
  return headerBytes + 4 * count + 8 * slotCount + entryBytes;
}

function viewsOf(
  buffer: SharedArrayBuffer,
  { kind, hasArtists, count, slotCount, entryBytes }: LayoutSizes,
): Layout {
  const slotsAt = headerBytes + 4 * count;
  return {
    buffer,
    kind,
    hasArtists,
    idAt: new Int32Array(buffer, headerBytes, count),
    slots: new Int32Array(buffer, slotsAt, 2 * slotCount),
    entries: new Uint8Array(buffer, slotsAt + 8 * slotCount, entryBytes),
  };
}

import { encodeItemRecord, idFieldOffset } from "../../proto/item-record.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { maxEntryBytes, maxIdBytes, maxTextBytes } from "./layout.ts";
import type { Layout } from "./layout.ts";
import type { CatalogueItem } from "./catalogue-item.ts";

/** Collects entries in memory that doubles as it fills. */
export interface EntryWriter {
  readonly count: number;
  readonly entryBytes: number;
  readonly hasArtists: boolean;
  addId(id: string): void;
  addItem(item: CatalogueItem): void;
  copyTo(layout: Pick<Layout, "idAt" | "entries">): void;
}

/** Tags, lengths and the score take 16 bytes at most. */
const maxRecordBytes = 16 + maxIdBytes + 2 * maxTextBytes;

export function createEntryWriter(): EntryWriter {
  let idAt = new Int32Array(1024);
  let bytes = Buffer.allocUnsafeSlow(64 << 10);
  let count = 0;
  let at = 0;
  let hasArtists = false;

  const reserve = () => {
    if (count === idAt.length) idAt = grown(idAt, new Int32Array(2 * count));
    if (at + maxRecordBytes <= bytes.length) return;
    if (bytes.length === maxEntryBytes) {
      throw new ServingError(
        "INVALID_ARGUMENT",
        `ids, titles and artists take over 2 GiB; index fewer than ${count} or shorten them`,
      );
    }
    bytes = grown(bytes, Buffer.allocUnsafeSlow(Math.min(2 * bytes.length, maxEntryBytes)));
  };
  return {
    get count() {
      return count;
    },
    get entryBytes() {
      return at;
    },
    get hasArtists() {
      return hasArtists;
    },
    addId(id) {
      reserve();
      const length = bytes.write(id, at + 1);
      bytes[at] = length;
      idAt[count++] = at + 1;
      at += 1 + length;
    },
    addItem({ id, title, artist = "" }) {
      reserve();
      hasArtists ||= artist !== "";
      const record = encodeItemRecord(id, title, artist);
      bytes.set(record, at);
      idAt[count++] = at + idFieldOffset(record, 0) + 2;
      at += record.length;
    },
    copyTo(layout) {
      layout.idAt.set(idAt.subarray(0, count));
      layout.entries.set(bytes.subarray(0, at));
    },
  };
}

function grown<T extends Int32Array | Buffer>(from: T, to: T): T {
  to.set(from);
  return to;
}

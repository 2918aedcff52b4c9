import { encodeItemRecord, idFieldOffset } from "../../proto/item-record.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { maxEntryBytes, maxIdBytes, maxTitleBytes } from "./layout.ts";
import type { Layout } from "./layout.ts";

/** Collects entries in memory that doubles as it fills. */
export interface EntryWriter {
  readonly count: number;
  readonly entryBytes: number;
  addId(id: string): void;
  addItem(id: string, title: string): void;
  copyTo(layout: Pick<Layout, "idAt" | "entries">): void;
}

/** Tags, lengths and the score take 13 bytes at most. */
const maxRecordBytes = 13 + maxIdBytes + maxTitleBytes;

export function createEntryWriter(): EntryWriter {
  let idAt = new Int32Array(1024);
  let bytes = Buffer.allocUnsafeSlow(64 << 10);
  let count = 0;
  let at = 0;

  const reserve = () => {
    if (count === idAt.length) idAt = grown(idAt, new Int32Array(2 * count));
    if (at + maxRecordBytes <= bytes.length) return;
    if (bytes.length === maxEntryBytes) {
      throw new ServingError(
        "INVALID_ARGUMENT",
        `ids and titles take over 2 GiB; index fewer than ${count} or shorten them`,
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
    addId(id) {
      reserve();
      const length = bytes.write(id, at + 1);
      bytes[at] = length;
      idAt[count++] = at + 1;
      at += 1 + length;
    },
    addItem(id, title) {
      reserve();
      const record = encodeItemRecord(id, title);
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

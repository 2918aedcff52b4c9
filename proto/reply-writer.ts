import { scoreOffset } from "./item-record.ts";
import { servedFieldSize, writeServedField, type ServedRow } from "./served.ts";
import type { Sink } from "./wire-writer.ts";

/** Writes encoded RecommendResponses, one after the other, into one buffer that grows to the largest. */
export interface ReplyWriter {
  /** Starts a reply whose items are copied from `records`. What was begun before and not finished is dropped. */
  begin(records: Uint8Array): void;
  /** Adds the item whose record (`encodeItemRecord`) is at [start, end), with this score. */
  item(start: number, end: number, score: number): void;
  /** @param by From `encodeServedBy`. */
  served(by: Uint8Array, row: ServedRow): void;
  /** A copy, the caller's to keep. It lies in Node's buffer pool: do not transfer it to another thread. */
  finish(): Uint8Array;
}

const startBytes = 4096;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function createReplyWriter(): ReplyWriter {
  const sink: Sink = { bytes: Buffer.alloc(startBytes), position: 0 };
  let to = viewOf(sink.bytes);
  let records: Uint8Array = sink.bytes;
  let from = to;

  function reserve(size: number): void {
    const needed = sink.position + size;
    if (needed <= sink.bytes.length) return;
    const grown = Buffer.alloc(Math.max(needed, 2 * sink.bytes.length));
    grown.set(sink.bytes);
    sink.bytes = grown;
    to = viewOf(grown);
  }

  return {
    begin(source) {
      sink.position = 0;
      if (source === records) return;
      records = source;
      from = viewOf(source);
    },
    item(start, end, score) {
      const at = sink.position;
      reserve(end - start);
      // Four bytes at a time, the last four once more: half the time of a byte loop, a third of `set` with a subarray.
      const last = end - start - 4;
      for (let done = 0; done < last; done += 4)
        to.setInt32(at + done, from.getInt32(start + done, true), true);
      to.setInt32(at + last, from.getInt32(start + last, true), true);
      to.setFloat32(scoreOffset(sink.bytes, at), score, true);
      sink.position = at + last + 4;
    },
    served(by, row) {
      reserve(servedFieldSize(by, row));
      writeServedField(sink, by, row);
    },
    finish() {
      const reply = Buffer.allocUnsafe(sink.position);
      reply.set(sink.bytes.subarray(0, sink.position));
      return reply;
    },
  };
}

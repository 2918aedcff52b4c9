import { deflateSync, inflateSync } from "node:zlib";
import { bucketCount, highestUs, lowestUs } from "./buckets.ts";
import type { Sparse } from "./sparse-histogram.ts";

/*
 * HdrHistogram's compressed encoding, version 2, as base64: what hdr-histogram-js, HdrHistogram for Java, Python and
 * .NET and the log viewers read. Values are microseconds.
 *
 *   int32 0x1c849314 | int32 length | deflated:
 *     int32 0x1c849313 | int32 length of counts | int32 index offset | int32 digits |
 *     int64 lowest | int64 highest | float64 ratio | counts as zigzag varints, a run of n zeros being -n
 */

const compressedCookie = 0x1c849314;
const cookie = 0x1c849313;
const digits = 3;
const outerBytes = 8;
const headerBytes = 40;
const maxCountBytes = 6;
const maxBytes = headerBytes + bucketCount * maxCountBytes;

export function encodeV2({ buckets, counts }: Sparse): string {
  const bytes = Buffer.alloc(headerBytes + 2 * maxCountBytes * buckets.length);
  let end = headerBytes;
  let next = 0;
  for (const [at, bucket] of buckets.entries()) {
    if (bucket > next) end = writeVarint(bytes, end, 2 * (bucket - next) - 1);
    end = writeVarint(bytes, end, 2 * counts[at]!);
    next = bucket + 1;
  }
  bytes.writeInt32BE(cookie, 0);
  bytes.writeInt32BE(end - headerBytes, 4);
  bytes.writeInt32BE(digits, 12);
  bytes.writeBigInt64BE(BigInt(lowestUs), 16);
  bytes.writeBigInt64BE(BigInt(highestUs), 24);
  bytes.writeDoubleBE(1, 32);
  const deflated = deflateSync(bytes.subarray(0, end));
  const outer = Buffer.alloc(outerBytes);
  outer.writeInt32BE(compressedCookie, 0);
  outer.writeInt32BE(deflated.length, 4);
  return Buffer.concat([outer, deflated]).toString("base64");
}

/** Throws an Error that says what the text is instead. */
export function decodeV2(text: string): Sparse {
  const bytes = inflate(Buffer.from(text, "base64"));
  if (bytes.length < headerBytes || bytes.readInt32BE(0) !== cookie)
    throw unreadable("it holds no V2 histogram");
  if (bytes.readInt32BE(12) !== digits || bytes.readBigInt64BE(16) !== BigInt(lowestUs))
    throw unreadable(`it must have ${digits} digits and a lowest value of ${lowestUs}`);
  const buckets: number[] = [];
  const counts: number[] = [];
  const cursor = { bytes, at: headerBytes };
  for (let bucket = 0; cursor.at < bytes.length;) {
    const value = readVarint(cursor);
    if (value % 2 === 1) {
      bucket += (value + 1) / 2;
      continue;
    }
    if (bucket >= bucketCount) throw unreadable(`it holds values above ${highestUs} us`);
    if (value > 0) {
      buckets.push(bucket);
      counts.push(value / 2);
    }
    bucket++;
  }
  return { buckets: Uint16Array.from(buckets), counts: Uint32Array.from(counts) };
}

function inflate(bytes: Buffer): Buffer {
  if (bytes.length < outerBytes || bytes.readInt32BE(0) !== compressedCookie)
    throw unreadable("it is no base64 of a compressed V2 histogram");
  try {
    return inflateSync(bytes.subarray(outerBytes), { maxOutputLength: maxBytes });
  } catch (cause) {
    throw unreadable(`its compressed part is damaged or longer than ${maxBytes} bytes`, cause);
  }
}

function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}

function readVarint(cursor: { readonly bytes: Buffer; at: number }): number {
  let value = 0;
  for (let scale = 1; scale < 2 ** (7 * maxCountBytes); scale *= 0x80) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw unreadable("it ends inside a count");
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  throw unreadable(`a count has more than ${maxCountBytes} bytes`);
}

function unreadable(why: string, cause?: unknown): Error {
  return new Error(`this is not a saved histogram: ${why}`, { cause });
}

import { Http2Code, type Http2CodeName } from "./connection-error.ts";
import type { Sink } from "./hpack/encoder.ts";

/** RFC 9113, section 6. */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const Flag = {
  END_STREAM: 0x1,
  /** Of SETTINGS and PING. */
  ACK: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

/** A view that is good until the next frame: one record serves all. */
export interface Frame {
  type: number;
  flags: number;
  streamId: number;
  /** The payload is what lies between `start` and `end`. */
  bytes: Buffer;
  start: number;
  end: number;
}

export const frameHeadBytes = 9;
/** What every peer takes, and what we take: none of ours asks for more. */
export const standardFrameBytes = 16_384;
export const standardWindow = 65_535;
export const largestWindow = 2 ** 31 - 1;

export type FrameHead = Pick<Frame, "type" | "flags" | "streamId">;

export function writeFrameHead(
  sink: Sink,
  length: number,
  { type, flags, streamId }: FrameHead,
): void {
  const { bytes, length: at } = sink;
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  writeUint32(bytes, at + 5, streamId);
  sink.length = at + frameHeadBytes;
}

export function writeUint32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function readUint32(bytes: Buffer, at: number): number {
  return bytes[at]! * 2 ** 24 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
}

/** A frame that holds one number: RST_STREAM, WINDOW_UPDATE. */
export function writeNumberFrame(sink: Sink, head: FrameHead, value: number): void {
  writeFrameHead(sink, 4, head);
  writeUint32(sink.bytes, sink.length, value);
  sink.length += 4;
}

export const numberFrameBytes = frameHeadBytes + 4;

export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * settings.length);
  settings.forEach(([id, value], place) => {
    payload.writeUInt16BE(id, 6 * place);
    payload.writeUInt32BE(value, 6 * place + 2);
  });
  return frameOf({ type: FrameType.SETTINGS, flags: 0, streamId: 0 }, payload);
}

/** Says that we take no more, and why. Streams that servers open there are none, hence 0. */
export function goAwayFrame(code: Http2CodeName, why: string): Buffer {
  const payload = Buffer.alloc(8 + Buffer.byteLength(why));
  payload.writeUInt32BE(Http2Code[code], 4);
  payload.write(why, 8);
  return frameOf({ type: FrameType.GOAWAY, flags: 0, streamId: 0 }, payload);
}

export function frameOf(head: FrameHead, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(frameHeadBytes + payload.length);
  writeFrameHead({ bytes, length: 0 }, payload.length, head);
  bytes.set(payload, frameHeadBytes);
  return bytes;
}

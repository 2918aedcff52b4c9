import { EventEmitter, once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { Flag, frameOf, FrameType } from "../http2/frames.ts";
import { FrameReader } from "../http2/frame-reader.ts";
import { HpackDecoder } from "../http2/hpack/decoder.ts";
import { framed } from "./raw-caller.contract.ts";

/** A frame that a client sent. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** A server that sends what it is told to, well-formed or not: one connection of it. */
export interface RawPeer {
  readonly socket: Socket;
  /** Everything that came, in its order. */
  readonly frames: readonly RawFrame[];
  /** Of the requests that came, in the order of their HEADERS. */
  readonly requests: readonly RawRequest[];
  send(...bytes: Uint8Array[]): void;
  /** Resolves with the first frame, from the beginning, that fits. */
  frame(fits: (frame: RawFrame) => boolean): Promise<RawFrame>;
  /** Resolves once so many requests have come, headers at least, with the last of them. */
  request(count?: number): Promise<RawRequest>;
  readonly closed: Promise<unknown>;
}

export interface RawRequest {
  readonly streamId: number;
  readonly headers: ReadonlyMap<string, string>;
}

export interface RawServer extends AsyncDisposable {
  readonly address: string;
  readonly peers: readonly RawPeer[];
}

/** @param act What to do with each connection; by default its settings have been sent by then. */
export async function openRawServer(
  act: (peer: RawPeer, count: number) => void | Promise<void>,
  greeting: Uint8Array = settings(),
): Promise<RawServer> {
  const peers: RawPeer[] = [];
  const server = createServer((socket) => {
    const peer = createPeer(socket);
    peers.push(peer);
    if (greeting.length > 0) peer.send(greeting);
    void act(peer, peers.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    peers,
    async [Symbol.asyncDispose]() {
      for (const { socket } of peers) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const prefaceBytes = 24;

function createPeer(socket: Socket): RawPeer {
  const frames: RawFrame[] = [];
  const requests: RawRequest[] = [];
  const readHeaders = createHeaderReader();
  const heard = new EventEmitter();
  const reader = new FrameReader(({ type, flags, streamId, bytes, start, end }) => {
    const frame = { type, flags, streamId, payload: Buffer.from(bytes.subarray(start, end)) };
    frames.push(frame);
    const headers = readHeaders(frame);
    if (headers) requests.push({ streamId, headers });
  });
  let awaitedPreface = prefaceBytes;
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    const rest = chunk.subarray(awaitedPreface);
    awaitedPreface = Math.max(0, awaitedPreface - chunk.length);
    reader.feed(rest, rest.length);
    heard.emit("frames");
  });
  const until = async <Value>(look: () => Value | undefined): Promise<Value> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await once(heard, "frames");
    }
  };
  return {
    socket,
    frames,
    requests,
    send: (...bytes) => void socket.write(Buffer.concat(bytes)),
    frame: (fits) => until(() => frames.find(fits)),
    request: (count = 1) => until(() => requests[count - 1]),
    closed: once(socket, "close"),
  };
}

/** Of HEADERS and CONTINUATION frames, it returns the fields once they are complete. */
function createHeaderReader(): (frame: RawFrame) => Map<string, string> | undefined {
  const decoder = new HpackDecoder({ tableBytes: 4_096, listBytes: 65_536 });
  let pieces: Buffer[] = [];
  return ({ type, flags, payload }) => {
    if (type !== FrameType.HEADERS && type !== FrameType.CONTINUATION) return undefined;
    pieces.push(payload);
    if ((flags & Flag.END_HEADERS) === 0) return undefined;
    const whole = Buffer.concat(pieces);
    pieces = [];
    const { fields } = decoder.decode(whole, 0, whole.length);
    const pairs = fields.flatMap((name, i) =>
      i % 2 === 0 ? [[name, fields[i + 1]!] as const] : [],
    );
    return new Map(pairs);
  };
}

export function settings(...values: (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * values.length);
  values.forEach(([id, value], place) => {
    payload.writeUInt16BE(id, 6 * place);
    payload.writeUInt32BE(value, 6 * place + 2);
  });
  return frameOf({ type: FrameType.SETTINGS, flags: 0, streamId: 0 }, payload);
}

type Fields = Readonly<Record<string, string>>;

/** A header block of literals: it changes no table. */
export function block(fields: Fields): Buffer {
  const pieces = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from([0]),
    literal(name),
    literal(value),
  ]);
  return Buffer.concat(pieces);
}

function literal(text: string): Buffer {
  return Buffer.concat([integer(text.length), Buffer.from(text, "latin1")]);
}

function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

export function headers(
  streamId: number,
  fields: Fields,
  flags: number = Flag.END_HEADERS,
): Buffer {
  return frameOf({ type: FrameType.HEADERS, flags, streamId }, block(fields));
}

export function data(streamId: number, payload: Uint8Array, flags = 0): Buffer {
  return frameOf({ type: FrameType.DATA, flags, streamId }, payload);
}

export function reset(streamId: number, code: number): Buffer {
  return frameOf({ type: FrameType.RST_STREAM, flags: 0, streamId }, uint32(code));
}

export function goAway(lastStreamId: number, code: number, why = ""): Buffer {
  const payload = Buffer.concat([uint32(lastStreamId), uint32(code), Buffer.from(why)]);
  return frameOf({ type: FrameType.GOAWAY, flags: 0, streamId: 0 }, payload);
}

export function windowUpdate(streamId: number, growth: number): Buffer {
  return frameOf({ type: FrameType.WINDOW_UPDATE, flags: 0, streamId }, uint32(growth));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export const replyHead = { ":status": "200", "content-type": "application/grpc" };
export const endFlags = Flag.END_HEADERS | Flag.END_STREAM;

export function trailers(streamId: number, fields: Fields = { "grpc-status": "0" }): Buffer {
  return headers(streamId, fields, endFlags);
}

/** All that a reply takes. */
export function reply(streamId: number, message: Uint8Array): Buffer {
  return Buffer.concat([
    headers(streamId, replyHead),
    data(streamId, framed(message)),
    trailers(streamId),
  ]);
}

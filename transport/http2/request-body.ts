import { writeUint32 } from "./frames.ts";
import type { Sink } from "./hpack/encoder.ts";

/** Before each gRPC message: flags and length. */
export const messageHeadBytes = 5;
/** What a stream may have sent and still be sent again, elsewhere. */
const mostKeptBytes = 64 * 1_024;

/** The messages of a call, from which DATA frames are cut. */
export interface RequestBody {
  /** Of the message that is leaving: 0 when there is none. */
  readonly pendingBytes: number;
  /** No message comes after that one. */
  readonly isLast: boolean;
  /** So many bytes of what is pending. */
  write(sink: Sink, bytes: number): void;
  /** To be sent again from the beginning. False when that is gone. */
  restart(): boolean;
  /** The reply has begun: what was sent will not be sent again. */
  forget(): void;
}

/** Its request stays with the caller until it is answered. */
export class UnaryBody implements RequestBody {
  readonly isLast = true;
  readonly #request: Uint8Array;
  #sent = 0;

  constructor(request: Uint8Array) {
    this.#request = request;
  }

  get pendingBytes(): number {
    return messageHeadBytes + this.#request.length - this.#sent;
  }

  write(sink: Sink, bytes: number): void {
    writeMessage(sink, this.#request, [this.#sent, this.#sent + bytes]);
    this.#sent += bytes;
  }

  restart(): boolean {
    this.#sent = 0;
    return true;
  }

  forget(): void {}
}

/** Messages come one after the other. They are copied, since the caller may use their buffer again. */
export class StreamBody implements RequestBody {
  /** Those that have left first, as long as they are kept. */
  readonly #messages: Buffer[] = [];
  #current = 0;
  /** Of the current message and its head. */
  #sent = 0;
  #keptBytes = 0;
  #isKept = true;
  #isEnded = false;

  get pendingBytes(): number {
    const message = this.#messages[this.#current];
    return message === undefined ? 0 : messageHeadBytes + message.length - this.#sent;
  }

  get isLast(): boolean {
    return this.#isEnded && this.#current >= this.#messages.length - 1;
  }

  add(message: Uint8Array): void {
    this.#messages.push(Buffer.from(message));
  }

  end(): void {
    this.#isEnded = true;
  }

  write(sink: Sink, bytes: number): void {
    const message = this.#messages[this.#current]!;
    writeMessage(sink, message, [this.#sent, this.#sent + bytes]);
    this.#sent += bytes;
    if (this.#sent < messageHeadBytes + message.length) return;
    this.#sent = 0;
    this.#current++;
    this.#keptBytes += message.length;
    if (!this.#isKept || this.#keptBytes > mostKeptBytes) this.forget();
  }

  restart(): boolean {
    if (!this.#isKept) return false;
    this.#current = this.#sent = 0;
    return true;
  }

  forget(): void {
    this.#isKept = false;
    this.#messages.splice(0, this.#current);
    this.#current = 0;
  }
}

/** A part of a message with its head. */
function writeMessage(
  sink: Sink,
  message: Uint8Array,
  [start, end]: readonly [number, number],
): void {
  let from = start;
  if (from < messageHeadBytes) {
    const to = Math.min(end, messageHeadBytes);
    writeHead(sink, message.length, [from, to]);
    from = to;
  }
  if (from === end) return;
  const isWhole = from === messageHeadBytes && end === messageHeadBytes + message.length;
  const part = isWhole
    ? message
    : message.subarray(from - messageHeadBytes, end - messageHeadBytes);
  sink.bytes.set(part, sink.length);
  sink.length += part.length;
}

function writeHead(sink: Sink, length: number, [start, end]: readonly [number, number]): void {
  if (start === 0 && end === messageHeadBytes) {
    sink.bytes[sink.length] = 0;
    writeUint32(sink.bytes, sink.length + 1, length);
  } else {
    // A window may end in the middle of a head.
    const head = Buffer.alloc(messageHeadBytes);
    head.writeUInt32BE(length, 1);
    head.copy(sink.bytes, sink.length, start, end);
  }
  sink.length += end - start;
}

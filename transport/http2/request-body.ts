import type { Sink } from "./hpack/encoder.ts";
import { writeUint32 } from "./frames.ts";

/** Before each gRPC message: flags and length. */
export const messageHeadBytes = 5;
/** What a stream may have sent and still be sent again, elsewhere. */
const mostKeptBytes = 64 * 1_024;

/** The messages of a call, from which DATA frames are cut. */
export class RequestBody {
  /** The one that is leaving, those that wait, and before them those that are kept to be sent again. */
  readonly #messages: Uint8Array[];
  #current = 0;
  /** Of the current message and its head. */
  #sent = 0;
  #keptBytes = 0;
  #isKept = true;
  /** No message comes after those that are there. */
  isComplete: boolean;

  constructor(request?: Uint8Array) {
    this.#messages = request === undefined ? [] : [request];
    this.isComplete = request !== undefined;
  }

  /** Of the current message: 0 when there is none. */
  get pendingBytes(): number {
    const message = this.#messages[this.#current];
    return message === undefined ? 0 : messageHeadBytes + message.length - this.#sent;
  }

  get hasOneLeft(): boolean {
    return this.isComplete && this.#current === this.#messages.length - 1;
  }

  /** Of a stream; its bytes are copied, since the caller may use their buffer again. */
  add(message: Uint8Array): void {
    this.#messages.push(Buffer.from(message));
  }

  /** So many bytes of what is pending. */
  write(sink: Sink, bytes: number): void {
    const message = this.#messages[this.#current]!;
    let left = bytes;
    if (this.#sent < messageHeadBytes) left -= this.#writeHead(sink, message.length, bytes);
    if (left > 0) {
      const start = this.#sent - messageHeadBytes;
      const isWhole = start === 0 && left === message.length;
      sink.bytes.set(isWhole ? message : message.subarray(start, start + left), sink.length);
      sink.length += left;
      this.#sent += left;
    }
    if (this.#sent === messageHeadBytes + message.length) this.#next(message);
  }

  /** The reply has begun: what was sent will not be sent again. */
  forget(): void {
    this.#isKept = false;
    this.#messages.splice(0, this.#current);
    this.#current = 0;
  }

  /** To be sent again from the beginning. False when that is gone. */
  restart(): boolean {
    if (!this.#isKept) return false;
    this.#current = this.#sent = 0;
    return true;
  }

  #writeHead(sink: Sink, length: number, most: number): number {
    if (this.#sent === 0 && most >= messageHeadBytes) {
      sink.bytes[sink.length] = 0;
      writeUint32(sink.bytes, sink.length + 1, length);
      this.#sent = messageHeadBytes;
      sink.length += messageHeadBytes;
      return messageHeadBytes;
    }
    const head = Buffer.alloc(messageHeadBytes);
    head.writeUInt32BE(length, 1);
    const copied = head.copy(sink.bytes, sink.length, this.#sent, this.#sent + most);
    this.#sent += copied;
    sink.length += copied;
    return copied;
  }

  #next(message: Uint8Array): void {
    this.#current++;
    this.#sent = 0;
    this.#keptBytes += message.length;
    // A single request stays with its caller until it is answered, whatever its size.
    const isCopy = !this.isComplete || this.#messages.length > 1;
    if (!this.#isKept || (isCopy && this.#keptBytes > mostKeptBytes)) this.forget();
  }
}

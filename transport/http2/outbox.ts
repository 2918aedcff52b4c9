import type { Socket } from "node:net";
import type { Sink } from "./hpack/encoder.ts";

const standardBytes = 32 * 1_024;
/** Above it, requests wait until the socket has taken what there is. */
const fullBytes = 256 * 1_024;
/** A peer that makes us answer without ever reading gets no further than this. */
const mostBytes = 1_024 * 1_024;

/** What is to be written. Two buffers take turns: one is filled while the socket has the other. */
export class Outbox implements Sink {
  bytes: Buffer = Buffer.allocUnsafeSlow(standardBytes);
  length = 0;
  readonly #socket: Socket;
  readonly #left: () => void;
  #spare: Buffer | undefined;
  #leaving: Buffer | undefined;

  /** @param left The socket has taken a write, and can be given another. */
  constructor(socket: Socket, left: () => void) {
    this.#socket = socket;
    this.#left = left;
  }

  get isFull(): boolean {
    return this.length >= fullBytes;
  }

  get isOverflowing(): boolean {
    return this.length >= mostBytes;
  }

  /** To be called before so many bytes are appended. */
  makeRoom(bytes: number): void {
    const wanted = this.length + bytes;
    if (wanted <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  append(bytes: Uint8Array): void {
    this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** One write, unless the last one is still under way; then another follows it. */
  flush(): void {
    if (this.#leaving !== undefined || this.length === 0) return;
    const leaving = this.bytes;
    this.#leaving = leaving;
    const chunk = leaving.subarray(0, this.length);
    this.bytes = this.#spare ?? Buffer.allocUnsafeSlow(standardBytes);
    this.#spare = undefined;
    this.length = 0;
    this.#socket.write(chunk, this.#written);
  }

  /** Instead of a flush, to end with. */
  takeAll(): Buffer {
    const all = Buffer.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    return all;
  }

  readonly #written = (error?: Error | null): void => {
    // A write that failed closes the socket, which says so itself.
    if (error) return;
    // What had to grow is given back to the heap.
    if (this.#leaving!.length === standardBytes) this.#spare = this.#leaving;
    this.#leaving = undefined;
    this.flush();
    this.#left();
  };
}

import { ConnectionError } from "./connection-error.ts";
import { frameHeadBytes, readUint32, standardFrameBytes, type Frame } from "./frames.ts";

/** Finds frames in what a socket brings. Those that lie in one chunk are not copied. */
export class FrameReader {
  readonly #take: (frame: Frame) => void;
  readonly #frame: Frame;
  /** The beginning of a frame whose end has not come. */
  readonly #rest = Buffer.allocUnsafeSlow(frameHeadBytes + standardFrameBytes);
  #restLength = 0;
  #isStopped = false;

  /** @param take May keep nothing of a frame, and may stop the reader. */
  constructor(take: (frame: Frame) => void) {
    this.#take = take;
    this.#frame = { type: 0, flags: 0, streamId: 0, bytes: this.#rest, start: 0, end: 0 };
  }

  /** No frame is taken any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Throws what `take` throws, and a ConnectionError for a frame that is too large. */
  feed(bytes: Buffer, length: number): void {
    if (this.#isStopped) return;
    let at = this.#restLength === 0 ? 0 : this.#complete(bytes, length);
    while (!this.#isStopped && length - at >= frameHeadBytes) {
      const end = at + frameHeadBytes + payloadBytes(bytes, at);
      if (end > length) break;
      this.#pass(bytes, at, end);
      at = end;
    }
    if (at < length && !this.#isStopped) this.#keep(bytes, at, length);
  }

  /** Fills the unfinished frame up. Returns how many bytes of the chunk belong to it. */
  #complete(bytes: Buffer, length: number): number {
    let at = 0;
    if (this.#restLength < frameHeadBytes) {
      at = Math.min(length, frameHeadBytes - this.#restLength);
      this.#keep(bytes, 0, at);
      if (this.#restLength < frameHeadBytes) return at;
    }
    const wanted = frameHeadBytes + payloadBytes(this.#rest, 0);
    const end = Math.min(length, at + wanted - this.#restLength);
    this.#keep(bytes, at, end);
    if (this.#restLength === wanted) {
      this.#restLength = 0;
      this.#pass(this.#rest, 0, wanted);
    }
    return end;
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    bytes.copy(this.#rest, this.#restLength, start, end);
    this.#restLength += end - start;
  }

  #pass(bytes: Buffer, start: number, end: number): void {
    const frame = this.#frame;
    frame.type = bytes[start + 3]!;
    frame.flags = bytes[start + 4]!;
    // The first bit means nothing.
    frame.streamId = readUint32(bytes, start + 5) % 2 ** 31;
    frame.bytes = bytes;
    frame.start = start + frameHeadBytes;
    frame.end = end;
    this.#take(frame);
  }
}

function payloadBytes(bytes: Buffer, at: number): number {
  const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  if (length <= standardFrameBytes) return length;
  throw new ConnectionError(
    "FRAME_SIZE_ERROR",
    `the peer sent a frame of ${length} bytes, where ${standardFrameBytes} were allowed`,
  );
}

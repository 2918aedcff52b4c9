import { ServingError } from "../../proto/serving-error.ts";
import { readUint32 } from "./frames.ts";
import { messageHeadBytes } from "./request-body.ts";

/** Gets messages as views that are good until it returns. */
export interface MessageSink {
  message(bytes: Buffer): void;
}

/** Grown to as needed: what a peer says of a length is no reason to take memory. */
const firstBytes = 16 * 1_024;

/** Finds gRPC messages in what DATA frames bring. Those that lie in one frame are not copied. */
export class MessageReader {
  readonly #maxBytes: number;
  readonly #head = Buffer.alloc(messageHeadBytes);
  #headLength = 0;
  #partial: Buffer | undefined;
  #length = 0;
  #wanted = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Between two messages. */
  get isBetween(): boolean {
    return this.#headLength === 0;
  }

  /** @returns Why the call cannot go on. */
  feed(
    bytes: Buffer,
    [start, end]: readonly [number, number],
    sink: MessageSink,
  ): ServingError | undefined {
    let at = start;
    while (at < end) {
      if (this.#headLength < messageHeadBytes) {
        at += this.#takeHead(bytes, at, end);
        if (this.#headLength < messageHeadBytes) return undefined;
        const refusal = refusalOf(this.#head, this.#maxBytes);
        if (refusal) return refusal;
        this.#wanted = readUint32(this.#head, 1);
      }
      at += this.#takeBody(bytes, [at, end], sink);
    }
    return undefined;
  }

  #takeHead(bytes: Buffer, at: number, end: number): number {
    const copied = bytes.copy(this.#head, this.#headLength, at, end);
    this.#headLength += copied;
    return copied;
  }

  #takeBody(bytes: Buffer, [at, end]: readonly [number, number], sink: MessageSink): number {
    const missing = this.#wanted - this.#length;
    const taken = Math.min(missing, end - at);
    if (this.#length === 0 && taken === missing)
      this.#deliver(bytes.subarray(at, at + taken), sink);
    else {
      this.#append(bytes, at, at + taken);
      if (this.#length === this.#wanted)
        this.#deliver(this.#partial!.subarray(0, this.#length), sink);
    }
    return taken;
  }

  #append(bytes: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    let partial = (this.#partial ??= Buffer.allocUnsafeSlow(Math.min(this.#wanted, firstBytes)));
    if (length > partial.length) {
      const room = Math.min(this.#wanted, Math.max(length, 2 * partial.length));
      this.#partial = Buffer.allocUnsafeSlow(room);
      partial.copy(this.#partial, 0, 0, this.#length);
      partial = this.#partial;
    }
    bytes.copy(partial, this.#length, start, end);
    this.#length = length;
  }

  #deliver(message: Buffer, sink: MessageSink): void {
    this.#headLength = this.#length = this.#wanted = 0;
    this.#partial = undefined;
    sink.message(message);
  }
}

/** A DATA frame that holds one message, whole and uncompressed: nearly all do. */
export function isOneMessage(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start - messageHeadBytes;
  return length >= 0 && bytes[start] === 0 && readUint32(bytes, start + 1) === length;
}

function refusalOf(head: Buffer, maxBytes: number): ServingError | undefined {
  if (head[0] !== 0)
    return new ServingError(
      "INTERNAL",
      "the server sent a compressed reply, which it was told not to (grpc-accept-encoding)",
    );
  const length = readUint32(head, 1);
  if (length <= maxBytes) return undefined;
  return new ServingError(
    "RESOURCE_EXHAUSTED",
    `the reply has ${length} bytes, and this caller takes at most ${maxBytes}`,
  );
}

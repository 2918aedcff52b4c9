import { ConnectionError, Http2Code, type Http2CodeName } from "./connection-error.ts";
import {
  Flag,
  frameHeadBytes,
  FrameType,
  largestWindow,
  numberFrameBytes,
  standardFrameBytes,
  standardWindow,
  writeFrameHead,
  writeNumberFrame,
} from "./frames.ts";
import { HpackEncoder, mostFieldBytes } from "./hpack/encoder.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import type { Outbox } from "./outbox.ts";
import { timeoutText } from "./request-headers.ts";

/** A resize of the table and a timeout: what a block may have besides its fields. */
const mostExtraBytes = 64;

/** Writes calls as frames, as far as the peer lets it. */
export class Sender {
  readonly encoder = new HpackEncoder();
  readonly #outbox: Outbox;
  /** Calls that wait for the window of the connection, or for the outbox. */
  readonly #blocked = new Set<OutgoingCall>();
  #window = standardWindow;
  #initialWindow = standardWindow;
  #frameBytes = standardFrameBytes;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Headers, and as much of the body as may be sent. */
  open(call: OutgoingCall): void {
    call.sendWindow = this.#initialWindow;
    this.#writeHeaders(call);
    this.continue(call);
  }

  /** What has come of the body since, or may be sent since. */
  continue(call: OutgoingCall): void {
    const { body } = call;
    while (!call.isSent) {
      const pending = body.pendingBytes;
      if (pending === 0) return body.isLast ? this.end(call) : undefined;
      if (this.#window <= 0 || this.#outbox.isFull) return void this.#blocked.add(call);
      const bytes = Math.min(pending, this.#frameBytes, this.#window, call.sendWindow);
      if (bytes <= 0) return;
      this.#writeData(call, bytes);
      if (bytes === pending) call.messageLeft?.();
    }
  }

  /** Nothing more comes of it. */
  end(call: OutgoingCall): void {
    call.isSent = true;
    this.#outbox.makeRoom(frameHeadBytes);
    const { streamId } = call;
    writeFrameHead(this.#outbox, 0, { type: FrameType.DATA, flags: Flag.END_STREAM, streamId });
  }

  forget(call: OutgoingCall): void {
    this.#blocked.delete(call);
  }

  /** The window of the connection has grown, or the outbox has been emptied. */
  continueBlocked(): void {
    for (const call of this.#blocked) {
      if (this.#window <= 0 || this.#outbox.isFull) return;
      // Behind the others, should it be blocked again.
      this.#blocked.delete(call);
      this.continue(call);
    }
  }

  /** Throws a ConnectionError. */
  growWindow(bytes: number): void {
    this.#window += bytes;
    if (this.#window > largestWindow)
      throw new ConnectionError(
        "FLOW_CONTROL_ERROR",
        `the peer allows more than ${largestWindow} bytes`,
      );
    this.continueBlocked();
  }

  /** For streams yet to come; returns by how much those that are open grow. */
  setInitialWindow(bytes: number): number {
    const growth = bytes - this.#initialWindow;
    this.#initialWindow = bytes;
    return growth;
  }

  setFrameBytes(bytes: number): void {
    this.#frameBytes = bytes;
  }

  /** False when that is more than a window can be. */
  growStream(call: OutgoingCall, bytes: number): boolean {
    call.sendWindow += bytes;
    if (call.sendWindow > largestWindow) return false;
    this.continue(call);
    return true;
  }

  reset(streamId: number, code: Http2CodeName): void {
    this.#writeNumber(FrameType.RST_STREAM, streamId, Http2Code[code]);
  }

  grantWindow(streamId: number, bytes: number): void {
    this.#writeNumber(FrameType.WINDOW_UPDATE, streamId, bytes);
  }

  #writeNumber(type: number, streamId: number, value: number): void {
    this.#outbox.makeRoom(numberFrameBytes);
    writeNumberFrame(this.#outbox, { type, flags: 0, streamId }, value);
  }

  #writeHeaders({ headers, metadata, deadlineMs, streamId }: OutgoingCall): void {
    const outbox = this.#outbox;
    const block = headers.blockFor(this.encoder);
    let most = frameHeadBytes + mostExtraBytes + block.length;
    if (metadata) for (const field of metadata) most += mostFieldBytes(field);
    outbox.makeRoom(most);
    const start = outbox.length;
    outbox.length += frameHeadBytes;
    this.encoder.writeResize(outbox);
    outbox.bytes.set(block, outbox.length);
    outbox.length += block.length;
    if (deadlineMs !== Infinity) {
      const timeout = timeoutText(deadlineMs - performance.now());
      this.encoder.writeVarying(outbox, "grpc-timeout", timeout);
    }
    if (metadata) for (const field of metadata) this.encoder.write(outbox, field, false);
    const end = outbox.length;
    const bytes = end - start - frameHeadBytes;
    outbox.length = start;
    if (bytes > this.#frameBytes) return this.#splitHeaders(streamId, end - bytes, end);
    writeFrameHead(outbox, bytes, { type: FrameType.HEADERS, flags: Flag.END_HEADERS, streamId });
    outbox.length = end;
  }

  /** A block that is too large for one frame. */
  #splitHeaders(streamId: number, start: number, end: number): void {
    const block = Buffer.from(this.#outbox.bytes.subarray(start, end));
    for (let at = 0; at < block.length; at += this.#frameBytes) {
      const piece = block.subarray(at, at + this.#frameBytes);
      const isLast = at + piece.length === block.length;
      this.#outbox.makeRoom(frameHeadBytes);
      writeFrameHead(this.#outbox, piece.length, {
        type: at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION,
        flags: isLast ? Flag.END_HEADERS : 0,
        streamId,
      });
      this.#outbox.append(piece);
    }
  }

  #writeData(call: OutgoingCall, bytes: number): void {
    const { body, streamId } = call;
    const outbox = this.#outbox;
    outbox.makeRoom(frameHeadBytes + bytes);
    call.isSent = body.isLast && bytes === body.pendingBytes;
    const flags = call.isSent ? Flag.END_STREAM : 0;
    writeFrameHead(outbox, bytes, { type: FrameType.DATA, flags, streamId });
    body.write(outbox, bytes);
    this.#window -= bytes;
    call.sendWindow -= bytes;
  }
}

import { ServingError } from "../../proto/serving-error.ts";
import { ConnectionError, type Http2CodeName } from "./connection-error.ts";
import { failureOfHeaders, failureOfStatus, lost } from "./failures.ts";
import { Flag, frameHeadBytes, frameOf, FrameType, readUint32, type Frame } from "./frames.ts";
import { HeaderBlocks } from "./header-blocks.ts";
import type { Outbox } from "./outbox.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import { readSettings, SettingId } from "./peer-settings.ts";
import { ReceiveWindow } from "./receive-window.ts";
import type { ReplyHeaders } from "./reply-headers.ts";
import type { Sender } from "./sender.ts";

/** What frames have an effect on. */
export interface Connection {
  readonly sender: Sender;
  readonly outbox: Outbox;
  readonly calls: ReadonlyMap<number, OutgoingCall>;
  /** The id of the next call. */
  readonly nextStreamId: number;
  /** Something of a reply has come. */
  hasAnswered: boolean;
  /** The first settings have come. */
  opened(): void;
  limitStreams(most: number): void;
  /** The server has ended the call. */
  end(call: OutgoingCall, error: ServingError | undefined): void;
  /** The server has dropped the call. */
  dropped(call: OutgoingCall, code: number): void;
  /** We give the call up. */
  giveUp(call: OutgoingCall, code: Http2CodeName, error: ServingError): void;
  /** The server takes no more calls, and will not answer those after `lastStreamId`. */
  sentAway(lastStreamId: number, code: number, why: string): void;
}

const largestGoAwayText = 256;

/** Takes what the server sends. What breaks the protocol is thrown as a ConnectionError. */
export class Incoming {
  readonly #connection: Connection;
  readonly #window: ReceiveWindow;
  readonly #blocks = new HeaderBlocks();
  #hasSettings = false;
  /** Of the header block that has to be completed before anything else may come. */
  #open: { readonly streamId: number; readonly isEnd: boolean } | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#window = new ReceiveWindow(connection.sender);
  }

  take(frame: Frame): void {
    this.#checkOrder(frame);
    switch (frame.type) {
      case FrameType.DATA:
        return this.#data(frame);
      case FrameType.HEADERS:
        return this.#headers(frame);
      case FrameType.CONTINUATION:
        return this.#continuation(frame);
      case FrameType.RST_STREAM:
        return this.#reset(frame);
      case FrameType.SETTINGS:
        return this.#settings(frame);
      case FrameType.PUSH_PROMISE:
        throw broken("promised a push, which it was told not to");
      case FrameType.PING:
        return this.#ping(frame);
      case FrameType.GOAWAY:
        return this.#goAway(frame);
      case FrameType.WINDOW_UPDATE:
        return this.#windowUpdate(frame);
      case FrameType.PRIORITY:
        requireStream(frame);
        return requireBytes(frame, 5);
      // Extensions are ignored, as the RFC wants it.
      default:
    }
  }

  /** The caller has taken messages. */
  renew(call: OutgoingCall): void {
    this.#window.renew(call);
  }

  #checkOrder({ type, flags, streamId }: Frame): void {
    if (!this.#hasSettings && (type !== FrameType.SETTINGS || (flags & Flag.ACK) !== 0))
      throw broken("did not begin with settings; it may not speak HTTP/2");
    const isExpected =
      this.#open === undefined ||
      (type === FrameType.CONTINUATION && streamId === this.#open.streamId);
    if (!isExpected) throw broken("left a header block unfinished");
  }

  #callOf(frame: Frame): OutgoingCall | undefined {
    const { streamId } = frame;
    const { calls, nextStreamId } = this.#connection;
    const call = calls.get(streamId);
    if (call !== undefined) return call;
    requireStream(frame);
    if (streamId >= nextStreamId || streamId % 2 === 0)
      throw broken(`spoke on stream ${streamId}, which is not open`);
    // It has ended, or was given up while this was on its way.
    return undefined;
  }

  #data(frame: Frame): void {
    const call = this.#callOf(frame);
    const bytes = frame.end - frame.start;
    this.#window.used(bytes);
    if (call === undefined) return;
    this.#window.usedBy(call, bytes);
    stripPadding(frame);
    if (!call.hasReplyHeaders) return this.#malformed(call, "a message before any headers");
    const failure = call.receive(frame.bytes, frame.start, frame.end);
    if (call.isSettled) return;
    if (failure) return this.#connection.giveUp(call, "CANCEL", failure);
    if (frame.flags & Flag.END_STREAM)
      return this.#connection.end(call, lost("the server ended the call without a status"));
    this.#window.renew(call);
  }

  #headers(frame: Frame): void {
    const { streamId, flags } = frame;
    this.#callOf(frame);
    stripPadding(frame);
    if (flags & Flag.PRIORITY) {
      if (frame.end - frame.start < 5)
        throw broken("sent a priority that is too short", "FRAME_SIZE_ERROR");
      frame.start += 5;
    }
    const isEnd = (flags & Flag.END_STREAM) !== 0;
    if (flags & Flag.END_HEADERS)
      return this.#reply(streamId, this.#blocks.read(frame.bytes, frame.start, frame.end), isEnd);
    this.#open = { streamId, isEnd };
    this.#blocks.keep(frame.bytes, frame.start, frame.end);
  }

  #continuation({ flags, bytes, start, end }: Frame): void {
    if (this.#open === undefined) throw broken("continued a header block that there is not");
    if ((flags & Flag.END_HEADERS) === 0) return this.#blocks.keep(bytes, start, end);
    const { streamId, isEnd } = this.#open;
    this.#open = undefined;
    this.#reply(streamId, this.#blocks.complete(bytes, start, end), isEnd);
  }

  #reply(streamId: number, headers: ReplyHeaders, isEnd: boolean): void {
    const call = this.#connection.calls.get(streamId);
    if (call === undefined) return;
    if (headers.isTooLarge) {
      const error = new ServingError(
        "RESOURCE_EXHAUSTED",
        "the reply has more headers than this caller takes",
      );
      return this.#connection.giveUp(call, "CANCEL", error);
    }
    if (headers.fault !== undefined) return this.#malformed(call, headers.fault);
    if (call.hasReplyHeaders) this.#trailers(call, headers, isEnd);
    else this.#firstHeaders(call, headers, isEnd);
  }

  #firstHeaders(call: OutgoingCall, headers: ReplyHeaders, isEnd: boolean): void {
    const { httpStatus } = headers;
    if (httpStatus === undefined) return this.#malformed(call, "headers without a :status");
    const isInterim = httpStatus >= 100 && httpStatus < 200;
    if (isInterim)
      return isEnd ? this.#malformed(call, `an end with HTTP status ${httpStatus}`) : undefined;
    call.hasReplyHeaders = true;
    this.#connection.hasAnswered = true;
    call.body.forget();
    const failure = failureOfHeaders(headers);
    if (isEnd) this.#connection.end(call, failure ?? failureOfStatus(headers));
    else if (failure) this.#connection.giveUp(call, "CANCEL", failure);
  }

  #trailers(call: OutgoingCall, headers: ReplyHeaders, isEnd: boolean): void {
    if (!isEnd) return this.#malformed(call, "trailers that are not the end");
    if (headers.httpStatus !== undefined) return this.#malformed(call, "trailers with a :status");
    this.#connection.end(call, failureOfStatus(headers));
  }

  #malformed(call: OutgoingCall, what: string): void {
    const error = new ServingError("INTERNAL", `the server's reply is no HTTP: it has ${what}`);
    this.#connection.giveUp(call, "PROTOCOL_ERROR", error);
  }

  #reset(frame: Frame): void {
    requireBytes(frame, 4);
    const call = this.#callOf(frame);
    if (call) this.#connection.dropped(call, readUint32(frame.bytes, frame.start));
  }

  #settings(frame: Frame): void {
    requireNoStream(frame);
    if (frame.flags & Flag.ACK) return requireBytes(frame, 0);
    const { sender, outbox, calls } = this.#connection;
    for (const [id, value] of readSettings(frame)) {
      if (id === SettingId.HEADER_TABLE_SIZE) sender.encoder.resize(value);
      if (id === SettingId.MAX_CONCURRENT_STREAMS) this.#connection.limitStreams(value);
      if (id === SettingId.MAX_FRAME_SIZE) sender.setFrameBytes(value);
      if (id === SettingId.INITIAL_WINDOW_SIZE) {
        const growth = sender.setInitialWindow(value);
        for (const call of calls.values())
          if (!sender.growStream(call, growth))
            throw broken("lets us send more than a window can hold", "FLOW_CONTROL_ERROR");
      }
    }
    appendAck(outbox, FrameType.SETTINGS, Buffer.alloc(0));
    if (this.#hasSettings) return;
    this.#hasSettings = true;
    this.#connection.opened();
  }

  #ping(frame: Frame): void {
    requireNoStream(frame);
    requireBytes(frame, 8);
    if (frame.flags & Flag.ACK) return;
    appendAck(
      this.#connection.outbox,
      FrameType.PING,
      frame.bytes.subarray(frame.start, frame.end),
    );
  }

  #goAway(frame: Frame): void {
    requireNoStream(frame);
    const { bytes, start, end } = frame;
    if (end - start < 8) throw broken("sent a GOAWAY that is too short", "FRAME_SIZE_ERROR");
    const why = bytes.toString("latin1", start + 8, Math.min(end, start + 8 + largestGoAwayText));
    this.#connection.sentAway(
      readUint32(bytes, start) % 2 ** 31,
      readUint32(bytes, start + 4),
      why,
    );
  }

  #windowUpdate(frame: Frame): void {
    requireBytes(frame, 4);
    const growth = readUint32(frame.bytes, frame.start) % 2 ** 31;
    const { sender } = this.#connection;
    const call = frame.streamId === 0 ? undefined : this.#callOf(frame);
    if (growth === 0) throw broken("grew a window by nothing");
    if (frame.streamId === 0) return sender.growWindow(growth);
    if (call === undefined || sender.growStream(call, growth)) return;
    const error = new ServingError(
      "INTERNAL",
      "the server let the call send more than a window can hold",
    );
    this.#connection.giveUp(call, "FLOW_CONTROL_ERROR", error);
  }
}

/** Moves the payload's borders to what is meant. */
function stripPadding(frame: Frame): void {
  if ((frame.flags & Flag.PADDED) === 0) return;
  const padding = frame.bytes[frame.start] ?? 0;
  if (frame.start + 1 + padding > frame.end) throw broken("padded a frame with more than it holds");
  frame.start += 1;
  frame.end -= padding;
}

function appendAck(outbox: Outbox, type: number, payload: Buffer): void {
  if (outbox.isOverflowing)
    throw new ConnectionError("ENHANCE_YOUR_CALM", "the peer wants answers and does not read them");
  outbox.makeRoom(frameHeadBytes + payload.length);
  outbox.append(frameOf({ type, flags: Flag.ACK, streamId: 0 }, payload));
}

function requireStream({ type, streamId }: Frame): void {
  if (streamId === 0) throw broken(`sent a frame of type ${type} without a stream`);
}

function requireNoStream({ type, streamId }: Frame): void {
  if (streamId !== 0) throw broken(`sent a frame of type ${type} on stream ${streamId}`);
}

function requireBytes({ type, start, end }: Frame, bytes: number): void {
  if (end - start !== bytes)
    throw broken(`sent a frame of type ${type} with ${end - start} bytes`, "FRAME_SIZE_ERROR");
}

function broken(what: string, code: Http2CodeName = "PROTOCOL_ERROR"): ConnectionError {
  return new ConnectionError(code, `the peer ${what}`);
}

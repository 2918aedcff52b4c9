import { ServingError } from "../../proto/serving-error.ts";
import type { Metadata } from "../call.ts";
import { type CallOptions, type ChannelOptions, defaultMaxMessageBytes } from "../transport.ts";
import { parseAddress } from "./address.ts";
import { CallQueue } from "./call-queue.ts";
import { createConnect } from "./open-socket.ts";
import { type CallParts, OutgoingCall, type ReplyListener } from "./outgoing-call.ts";
import { UnaryBody } from "./request-body.ts";
import {
  metadataFields,
  type RequestHeaders,
  requestHeaders,
  type Target,
} from "./request-headers.ts";
import type { SessionOptions } from "./session.ts";

/** What is left of a call that was started. */
export interface StartedCall {
  cancel(): void;
}

/** Many calls to one method, whose headers are encoded once. */
export interface PreparedMethod {
  /**
   * Without promises, for those who make many calls. The request must stay as it is until the listener has heard the
   * end.
   * @param deadlineMs On the clock of `performance.now()`.
   */
  start(request: Uint8Array, listener: ReplyListener, deadlineMs?: number): StartedCall;
}

export interface Http2ChannelOptions extends ChannelOptions, Partial<SessionOptions> {}

const sessionDefaults: SessionOptions = {
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  connectTimeoutMs: 20_000,
  firstStreamId: 1,
};
/** Methods that are called by name; programs have few. */
const mostRemembered = 1_000;

/** Makes calls of what callers say, and sets them off. */
export class CallStarter {
  readonly #calls: CallQueue;
  readonly #target: Target;
  readonly #maxMessageBytes: number;
  readonly #remembered = new Map<string, RequestHeaders>();

  /** Throws for an address or certificates that cannot work. */
  constructor(address: string, options: Http2ChannelOptions) {
    const scheme = options.serverAuthority === undefined ? "http" : "https";
    this.#target = { scheme, authority: parseAddress(address).authority };
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
    this.#calls = new CallQueue(address, createConnect(address, options), {
      ...sessionDefaults,
      ...options,
    });
  }

  /** Throws where no call should start at all. */
  start(
    path: string,
    { listener, body, isUnary }: Pick<CallParts, "listener" | "body" | "isUnary">,
    { signal, metadata, deadlineMs = Infinity }: CallOptions,
  ): OutgoingCall {
    if (signal?.aborted)
      throw new ServingError("CANCELLED", `${path} was cancelled before it started`);
    return this.#begin({
      headers: this.#headersOf(path),
      metadata: metadata && metadata.size > 0 ? metadataFields(metadata) : undefined,
      body,
      listener,
      deadlineMs,
      maxMessageBytes: this.#maxMessageBytes,
      isUnary,
    });
  }

  /** Throws INVALID_ARGUMENT for a path or metadata that HTTP/2 cannot carry. */
  prepare(path: string, metadata?: Metadata): PreparedMethod {
    const headers = requestHeaders(path, this.#target, metadata);
    return {
      start: (request, listener, deadlineMs = Infinity) =>
        this.#begin({
          headers,
          metadata: undefined,
          body: new UnaryBody(request),
          listener,
          deadlineMs,
          maxMessageBytes: this.#maxMessageBytes,
          isUnary: true,
        }),
    };
  }

  close(): void {
    this.#calls.close();
  }

  #begin(parts: CallParts): OutgoingCall {
    const call = new OutgoingCall(parts);
    this.#calls.start(call);
    return call;
  }

  #headersOf(path: string): RequestHeaders {
    let headers = this.#remembered.get(path);
    if (headers === undefined) {
      headers = requestHeaders(path, this.#target);
      if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
      this.#remembered.set(path, headers);
    }
    return headers;
  }
}

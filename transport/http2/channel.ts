import { ServingError } from "../../proto/serving-error.ts";
import type { Metadata } from "../call.ts";
import {
  type CallOptions,
  type Channel,
  type ChannelOptions,
  defaultMaxMessageBytes,
} from "../transport.ts";
import { CallQueue } from "./call-queue.ts";
import type { Field } from "./hpack/encoder.ts";
import { parseAddress } from "./address.ts";
import { createConnect } from "./open-socket.ts";
import { type CallParts, OutgoingCall, type ReplyListener } from "./outgoing-call.ts";
import { UnaryBody } from "./request-body.ts";
import { metadataFields, type RequestHeaders, requestHeaders } from "./request-headers.ts";
import type { SessionOptions } from "./session.ts";
import { streamCall } from "./stream-call.ts";
import { watchSignal } from "./watch-signal.ts";

/** What is left of a call that was started. */
export interface StartedCall {
  cancel(): void;
}

/** Many calls to one method, whose headers are encoded once. */
export interface PreparedMethod {
  /**
   * Without promises, for those who make many calls. The request must stay as it is until the listener has heard the end.
   * @param deadlineMs On the clock of `performance.now()`.
   */
  start(request: Uint8Array, listener: ReplyListener, deadlineMs?: number): StartedCall;
}

export interface Http2Channel extends Channel {
  /** Throws INVALID_ARGUMENT for a path or metadata that HTTP/2 cannot carry. */
  prepare(path: string, metadata?: Metadata): PreparedMethod;
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

/** Throws for an address or certificates that cannot work. */
export function openHttp2Channel(address: string, options: Http2ChannelOptions = {}): Http2Channel {
  const { maxMessageBytes = defaultMaxMessageBytes } = options;
  const scheme = options.serverAuthority === undefined ? "http" : "https";
  const target = { scheme, authority: parseAddress(address).authority } as const;
  const calls = new CallQueue(address, createConnect(address, options), {
    ...sessionDefaults,
    ...options,
  });
  const remembered = new Map<string, RequestHeaders>();

  function headersOf(path: string): RequestHeaders {
    let headers = remembered.get(path);
    if (headers === undefined) {
      headers = requestHeaders(path, target);
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(path, headers);
    }
    return headers;
  }

  /** Throws where no call should start at all. */
  function start(
    path: string,
    { listener, body, isUnary }: Pick<CallParts, "listener" | "body" | "isUnary">,
    { signal, metadata, deadlineMs = Infinity }: CallOptions,
  ): OutgoingCall {
    if (signal?.aborted)
      throw new ServingError("CANCELLED", `${path} was cancelled before it started`);
    const fields = metadata && metadata.size > 0 ? metadataFields(metadata) : undefined;
    const headers = headersOf(path);
    const call = new OutgoingCall({
      headers,
      metadata: fields,
      body,
      listener,
      deadlineMs,
      maxMessageBytes,
      isUnary,
    });
    calls.start(call);
    return call;
  }

  const close = () => calls.close();
  return {
    unary: (path, request, options = {}) =>
      new Promise((resolve, reject) => {
        const listener = new UnaryReply(resolve, reject);
        const call = start(
          path,
          { listener, body: new UnaryBody(request), isUnary: true },
          options,
        );
        listener.stopWatching = watchSignal(options.signal, call);
      }),
    stream: (path, requests, options = {}) =>
      streamCall(
        (body, listener) => start(path, { body, listener, isUnary: false }, options),
        requests,
        options,
      ),
    prepare(path, metadata) {
      const headers = requestHeaders(path, target, metadata);
      return {
        start(request, listener, deadlineMs = Infinity) {
          const call = new OutgoingCall({
            headers,
            metadata: undefined,
            body: new UnaryBody(request),
            listener,
            deadlineMs,
            maxMessageBytes,
            isUnary: true,
          });
          calls.start(call);
          return call;
        },
      };
    },
    close,
    [Symbol.dispose]: close,
  };
}

class UnaryReply implements ReplyListener {
  stopWatching: () => void = () => {};
  readonly #resolve: (reply: Uint8Array) => void;
  readonly #reject: (error: ServingError) => void;
  #reply: Buffer | undefined;

  constructor(resolve: (reply: Uint8Array) => void, reject: (error: ServingError) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  message(bytes: Buffer): void {
    this.#reply = Buffer.from(bytes);
  }

  ended(error: ServingError | undefined): void {
    this.stopWatching();
    if (error) this.#reject(error);
    else this.#resolve(this.#reply!);
  }
}

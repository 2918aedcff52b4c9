import type { ServingError } from "../../proto/serving-error.ts";
import type { Metadata } from "../call.ts";
import type { Channel } from "../transport.ts";
import { CallStarter, type Http2ChannelOptions, type PreparedMethod } from "./call-starter.ts";
import type { ReplyListener } from "./outgoing-call.ts";
import { UnaryBody } from "./request-body.ts";
import { streamCall } from "./stream-call.ts";
import { watchSignal } from "./watch-signal.ts";

export type { Http2ChannelOptions, PreparedMethod, StartedCall } from "./call-starter.ts";

export interface Http2Channel extends Channel {
  /** Throws INVALID_ARGUMENT for a path or metadata that HTTP/2 cannot carry. */
  prepare(path: string, metadata?: Metadata): PreparedMethod;
}

/** Throws for an address or certificates that cannot work. */
export function openHttp2Channel(address: string, options: Http2ChannelOptions = {}): Http2Channel {
  const calls = new CallStarter(address, options);
  const close = () => calls.close();
  return {
    unary: (path, request, options = {}) =>
      new Promise((resolve, reject) => {
        const listener = new UnaryReply(resolve, reject);
        const parts = { listener, body: new UnaryBody(request), isUnary: true };
        const call = calls.start(path, parts, options);
        listener.stopWatching = watchSignal(options.signal, call);
      }),
    stream: (path, requests, options = {}) =>
      streamCall(
        (body, listener) => calls.start(path, { body, listener, isUnary: false }, options),
        requests,
        options,
      ),
    prepare: (path, metadata) => calls.prepare(path, metadata),
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

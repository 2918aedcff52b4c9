import type { Code, ServingError } from "../proto/serving-error.ts";
import type { Metadata, ServerCall } from "./call.ts";
import type { Door } from "./door.ts";
import type { ServerLimits } from "./server-limits.ts";

/** A handler gets and gives raw message bytes; it fails by throwing a ServingError. */
export interface UnaryMethod {
  readonly kind: "unary";
  /** E.g. "/crossfade.v1.RecommenderService/Recommend". */
  readonly path: string;
  /** The returned bytes are copied before the promise's reactions end: their buffer may be reused. */
  handle(request: Uint8Array, call: ServerCall): Promise<Uint8Array>;
}

export interface StreamMethod {
  /** The wire is the same; metrics tell them apart. */
  readonly kind: "server_stream" | "bidi_stream";
  readonly path: string;
  /**
   * Requests are read when they are asked for, and replies asked for when the caller can take them.
   * A handler that waits for anything else must give up when the signal aborts.
   */
  handle(requests: AsyncIterable<Uint8Array>, call: ServerCall): AsyncIterable<Uint8Array>;
}

export type Method = UnaryMethod | StreamMethod;

/** PEM texts. */
export interface Certificates {
  readonly certificate: string;
  readonly key: string;
  /** Set: clients must present a certificate that this authority signed. */
  readonly clientAuthority?: string;
}

export interface ServerOptions extends Partial<ServerLimits> {
  /** A name, an address, or "unix:/absolute/path", which needs no port. Default "127.0.0.1". */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A larger message is refused with RESOURCE_EXHAUSTED. Default 4 MiB. */
  readonly maxMessageBytes?: number;
  /** Per connection; a client waits with more. Default 256. */
  readonly maxConcurrentStreams?: number;
  /** Decides who may connect, in place of `maxConnections`. */
  readonly door?: Door;
  /** Absent: plain text. */
  readonly certificates?: Certificates;
  /** Default 5 minutes, +-10% per connection, so that clients find new replicas. */
  readonly maxConnectionAgeMs?: number;
  /**
   * Each call, refused ones included, when its headers have come; without its method when there is no such method.
   * What it returns is told, once, of the status that the caller got.
   */
  onCall?(method: Method | undefined): (code: Code) => void;
  /** For the log: each call that its handler failed, with the cause that the caller does not see. */
  onFailure?(error: ServingError, path: string): void;
}

export interface TransportServer extends AsyncDisposable {
  /** What `openChannel` takes, e.g. "127.0.0.1:50051" or "unix:/run/crossfade.sock". */
  readonly address: string;
  /** 0 on a unix socket. */
  readonly port: number;
  /**
   * New connections use these from now on; the ones that are open stay. Throws, and keeps what it had, when they do
   * not fit together or would turn the asking for client certificates on or off.
   */
  setCertificates(certificates: Certificates): void;
  /** Tells clients to go elsewhere, lets calls in flight finish for `graceMs`, then cuts what is left. Idempotent. */
  close(graceMs: number): Promise<void>;
}

export type StartServer = (
  methods: readonly Method[],
  options?: ServerOptions,
) => Promise<TransportServer>;

export interface ChannelOptions {
  /** PEM text: the server must present a certificate that this authority signed. Absent: plain text. */
  readonly serverAuthority?: string;
  /** What the server's certificate must be for. Default: the host of the address. */
  readonly serverName?: string;
  /** What the client presents when the server asks for a certificate. */
  readonly certificates?: Pick<Certificates, "certificate" | "key">;
  /** A larger reply fails its call with RESOURCE_EXHAUSTED. Default 4 MiB. */
  readonly maxMessageBytes?: number;
}

export interface CallOptions {
  /** On the clock of `performance.now()`; default `Infinity`. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly metadata?: Metadata;
}

/** Calls one address, over one connection. Failures are ServingErrors with the server's status, message and trailers. */
export interface Channel extends Disposable {
  unary(path: string, request: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /** The call starts when its replies are iterated; leaving the iteration cancels it. */
  stream(
    path: string,
    requests: AsyncIterable<Uint8Array>,
    options?: CallOptions,
  ): AsyncIterable<Uint8Array>;
  /** Calls in flight finish; new ones fail with UNAVAILABLE. Idempotent. */
  close(): void;
}

export type OpenChannel = (address: string, options?: ChannelOptions) => Channel;

/** What both sides hold to unless told otherwise. */
export const defaultMaxMessageBytes = 4 * 1024 * 1024;

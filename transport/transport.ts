import type { Call, Metadata } from "./call.ts";

/** A handler gets and gives raw message bytes; it fails by throwing a ServingError. */
export interface UnaryMethod {
  readonly kind: "unary";
  /** E.g. "/crossfade.v1.RecommenderService/Recommend". */
  readonly path: string;
  handle(request: Uint8Array, call: Call): Promise<Uint8Array>;
}

export interface StreamMethod {
  readonly kind: "stream";
  readonly path: string;
  handle(requests: AsyncIterable<Uint8Array>, call: Call): AsyncIterable<Uint8Array>;
}

export type Method = UnaryMethod | StreamMethod;

/** PEM texts. */
export interface Certificates {
  readonly certificate: string;
  readonly key: string;
  /** Set: clients must present a certificate that this authority signed. */
  readonly clientAuthority?: string;
}

export interface ServerOptions {
  /** Default "127.0.0.1". */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A larger message is refused with RESOURCE_EXHAUSTED. Default 4 MiB. */
  readonly maxMessageBytes?: number;
  /** Default 256. */
  readonly maxConcurrentStreams?: number;
  /** Absent: plain text. */
  readonly certificates?: Certificates;
  /** Default 5 minutes, +-20% per connection, so that clients find new replicas. */
  readonly maxConnectionAgeMs?: number;
}

export interface TransportServer {
  readonly port: number;
  /** New connections use these from now on. */
  setCertificates(certificates: Certificates): void;
  /** Tells clients to go elsewhere, lets calls in flight finish for `graceMs`, then cuts what is left. Idempotent. */
  close(graceMs: number): Promise<void>;
}

export type StartServer = (methods: readonly Method[], options?: ServerOptions) => Promise<TransportServer>;

export interface ChannelOptions {
  /** Absent: plain text. */
  readonly authority?: string;
  readonly certificates?: Pick<Certificates, "certificate" | "key">;
  readonly maxMessageBytes?: number;
}

export interface CallOptions {
  /** On the clock of `performance.now()`; default `Infinity`. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly metadata?: Metadata;
}

/** Calls one address. Failures are ServingErrors with the status, message and trailers that the server sent. */
export interface Channel {
  unary(path: string, request: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  stream(path: string, requests: AsyncIterable<Uint8Array>, options?: CallOptions): AsyncIterable<Uint8Array>;
  close(): void;
}

export type OpenChannel = (address: string, options?: ChannelOptions) => Channel;

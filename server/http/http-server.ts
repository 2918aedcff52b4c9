import { randomUUID } from "node:crypto";
import {
  createServer as createHttpServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Door } from "../../transport/door.ts";
import { limitConnections } from "../../transport/limit-connections.ts";
import type { Certificates } from "../../transport/transport.ts";
import { listen } from "../listen.ts";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { pageOf } from "./page-of.ts";
import { refusal, type Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";
import { trackSockets } from "./track-sockets.ts";

export interface HttpServerOptions extends Omit<GatewayOptions, "isLast"> {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absent: plain text. */
  readonly certificates?: Certificates;
  /** More are closed as they come. */
  readonly maxConnections: number;
  /** Decides who may connect, in place of that. */
  readonly door?: Door;
  /** For a whole request to arrive; then 408. Half of it for the headers alone. */
  readonly requestTimeoutMs: number;
  /** +-10%: an older connection ends with its next answer, so that clients find new replicas. */
  readonly maxConnectionAgeMs: number;
}

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  /** New connections use these. Throws, and keeps what it had, when they do not fit. */
  setCertificates(certificates: Certificates): void;
  /** From now on every answer ends its connection. */
  drain(): void;
  /** No new connections; requests in flight may finish for `graceMs`, then what is left is cut. Idempotent. */
  close(graceMs: number): Promise<void>;
}

/** Longer than balancers keep idle connections: whoever closes first must not be us. */
const keepAliveTimeoutMs = 75_000;
const handshakeTimeoutMs = 10_000;
const maxHeaderBytes = 16 * 1_024;

export async function startHttpServer(
  routes: readonly Route[],
  options: HttpServerOptions,
): Promise<HttpServer> {
  let isDraining = false;
  const isTooOld = createAgeLimit(options.maxConnectionAgeMs);
  const gateway = createGateway(routes, {
    ...options,
    isLast: (request) => isDraining || isTooOld(request.socket),
  });
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void gateway.handle(request, response);

  const server = open(options);
  server.on("request", handle);
  // Whether to ask for the body is decided where it is read.
  server.on("checkContinue", handle);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const why = complaint(error);
    if (why === undefined || !socket.writable) socket.destroy();
    else if (!gateway.interrupt(socket, why)) {
      // An answer of ours in the middle of another would be taken for a part of it.
      if (gateway.isBusy(socket)) socket.destroy();
      else refuseBytes(socket, why, options);
    }
  });
  const sockets = trackSockets(server);
  const port = await listen(server, options.host, options.port);

  async function stop(graceMs: number): Promise<void> {
    isDraining = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    sockets.cutUnused();
    const gaveUp = new AbortController();
    const grace = delay(graceMs, undefined, { signal: gaveUp.signal }).catch(() => {});
    await Promise.race([closed, grace]);
    gaveUp.abort();
    sockets.cutAll();
    await closed;
  }

  let closing: Promise<void> | undefined;
  const close = (graceMs: number) => (closing ??= stop(graceMs));
  return {
    port,
    setCertificates(certificates) {
      if (!(server instanceof HttpsServer))
        throw new Error("the server was started in plain text; restart it to turn TLS on");
      server.setSecureContext(tlsOptions(certificates));
    },
    drain: () => void (isDraining = true),
    close,
    [Symbol.asyncDispose]: () => close(0),
  };
}

function open({ certificates, maxConnections, door, requestTimeoutMs }: HttpServerOptions): Server {
  const http: ServerOptions = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.ceil(requestTimeoutMs / 2),
    connectionsCheckingInterval: Math.max(10, Math.min(1_000, requestTimeoutMs / 4)),
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
    noDelay: true,
  };
  const server =
    certificates === undefined
      ? createHttpServer(http)
      : createHttpsServer({
          ...http,
          ...tlsOptions(certificates),
          handshakeTimeout: handshakeTimeoutMs,
        });
  // Node drops what is past its count without a word; the bytes are bounded anyway.
  server.maxHeadersCount = 0;
  if (door === undefined) limitConnections(server, maxConnections);
  else door.guard(server);
  return server;
}

function tlsOptions({ certificate, key, clientAuthority }: Certificates) {
  return {
    cert: certificate,
    key,
    ...(clientAuthority !== undefined && { ca: clientAuthority, requestCert: true }),
  };
}

/** A connection's age counts from its first request. */
function createAgeLimit(maxAgeMs: number): (socket: Duplex) => boolean {
  const ends = new WeakMap<Duplex, number>();
  return (socket) => {
    const endMs = ends.get(socket);
    if (endMs !== undefined) return performance.now() > endMs;
    ends.set(socket, performance.now() + maxAgeMs * (0.9 + 0.2 * Math.random()));
    return false;
  };
}

/** What Node's parser, or its watch over slow callers, has to say; undefined when the connection itself failed. */
function complaint({ code = "", message }: NodeJS.ErrnoException): Refusal | undefined {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return refusal(408, ["DEADLINE_EXCEEDED", "the request took too long to arrive"]);
  if (code === "HPE_HEADER_OVERFLOW") {
    const complained = `the headers have more than ${maxHeaderBytes} bytes`;
    return refusal(431, ["RESOURCE_EXHAUSTED", complained]);
  }
  if (code === "HPE_PAUSED_H2_UPGRADE")
    return refusal(400, ["INVALID_ARGUMENT", "this port speaks HTTP/1.1; gRPC has its own"]);
  if (!code.startsWith("HPE_")) return undefined;
  return refusal(400, ["INVALID_ARGUMENT", `this is no HTTP/1.1: ${message}`]);
}

/** There is no request to answer; what came is answered, if it can be, and the connection ends. */
function refuseBytes(socket: Duplex, why: Refusal, { meter, onFailure }: HttpServerOptions): void {
  const requestId = randomUUID();
  const { status, type, body } = pageOf(why, requestId);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
  meter.answered({ route: "none", method: "other" }, status, 0);
  onFailure({ error: why.error, route: "none", requestId });
}

import cluster from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from "@grpc/grpc-js";
import { freeSocket } from "../free-socket.ts";
import {
  defaultMaxMessageBytes,
  type Method,
  type ServerOptions,
  type StartServer,
} from "../transport.ts";
import { createGate } from "./gate.ts";
import { ReloadableCredentials } from "./reloadable-credentials.ts";
import { takeStreams } from "./take-streams.ts";
import { toBuffer } from "./to-buffer.ts";

// grpc-js prints what it also tells its callers, and a line for each illegal header that a client sends.
if (process.env["GRPC_VERBOSITY"] === undefined) setLogVerbosity(logVerbosity.NONE);

/** After its age a connection has this long to finish its calls. */
const connectionAgeGraceMs = 60_000;
/** Past the grace of `close`, for connections that grpc-js does not know yet (a TLS handshake under way). */
const lastCutMs = 500;

function serverOptions(options: ServerOptions): Record<string, number> {
  return {
    // Replies are checked before they are copied.
    "grpc.max_send_message_length": -1,
    "grpc.max_receive_message_length": options.maxMessageBytes ?? defaultMaxMessageBytes,
    "grpc.max_concurrent_streams": options.maxConcurrentStreams ?? 256,
    "grpc.max_connection_age_ms": options.maxConnectionAgeMs ?? 5 * 60_000,
    "grpc.max_connection_age_grace_ms": connectionAgeGraceMs,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.enable_channelz": 0,
  };
}

const asIs = (bytes: Buffer) => bytes;

function register(server: Server, methods: readonly Method[]): void {
  for (const { path, kind } of methods) {
    const type = kind === "unary" ? "unary" : "bidi";
    if (!server.register(path, () => {}, toBuffer, asIs, type))
      throw new Error(`${path} has two handlers`);
  }
}

function targetOf(host: string, port: number): string {
  if (host.startsWith("unix:")) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

async function bind(
  server: Server,
  target: string,
  credentials: ServerCredentials,
): Promise<number> {
  // The processes of a cluster share one socket: for the second one it is in use already.
  if (cluster.isPrimary && target.startsWith("unix:"))
    await freeSocket(target.slice("unix:".length));
  return new Promise((resolve, reject) => {
    server.bindAsync(target, credentials, (error, port) => {
      if (error)
        reject(new Error(`cannot listen on ${target}: ${error.message}`, { cause: error }));
      else resolve(port);
    });
  });
}

/** GOAWAY, grace, cut. `drain` knows the connections; `tryShutdown` stops listening and says when they are gone. */
async function drain(server: Server, address: string, graceMs: number): Promise<void> {
  const gaveUp = new AbortController();
  const closed = new Promise<void>((resolve) => {
    server.drain(address, graceMs);
    server.tryShutdown(() => resolve());
  });
  const cut = delay(graceMs + lastCutMs, undefined, { signal: gaveUp.signal }).catch(() => {});
  await Promise.race([closed, cut]);
  gaveUp.abort();
}

export const startServer: StartServer = async (methods, options = {}) => {
  const host = options.host ?? "127.0.0.1";
  const reloadable = options.certificates && new ReloadableCredentials(options.certificates);
  const gate = createGate(methods, options);
  const server = new Server({ ...serverOptions(options), interceptors: [gate.interceptor] });
  takeStreams(server, gate);
  register(server, methods);
  const bound = await bind(
    server,
    targetOf(host, options.port ?? 0),
    reloadable ?? ServerCredentials.createInsecure(),
  );
  const port = host.startsWith("unix:") ? 0 : bound;
  const address = targetOf(host, port);
  let closing: Promise<void> | undefined;
  const close = (graceMs: number) =>
    (closing ??= drain(server, address, graceMs).finally(() => gate.close()));
  return {
    address,
    port,
    setCertificates(certificates) {
      if (!reloadable)
        throw new Error("the server was started in plain text; restart it to turn TLS on");
      reloadable.replace(certificates);
    },
    close,
    [Symbol.asyncDispose]: () => close(0),
  };
};

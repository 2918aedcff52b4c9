import type { IncomingMessage, Server } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";

/** The connections of a server, for its end: Node knows neither those that have asked nothing yet nor TLS handshakes. */
export interface TrackedSockets {
  /** Those that have asked nothing yet. */
  cutUnused(): void;
  cutAll(): void;
}

export function trackSockets(server: Server): TrackedSockets {
  const all = new Set<Duplex>();
  const unused = new Set<Duplex>();
  server.on("connection", (socket: Duplex) => hold(all, socket));
  // Over TLS, requests come on another socket than the connection's.
  const ready = server instanceof HttpsServer ? "secureConnection" : "connection";
  server.on(ready, (socket: Duplex) => hold(unused, socket));
  for (const event of ["request", "checkContinue"])
    server.on(event, ({ socket }: IncomingMessage) => unused.delete(socket));
  return {
    cutUnused: () => cut(unused),
    cutAll: () => cut(all),
  };
}

function cut(sockets: ReadonlySet<Duplex>): void {
  for (const socket of sockets) socket.destroy();
}

function hold(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

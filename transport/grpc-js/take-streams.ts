import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Door } from "../door.ts";
import { limitConnections } from "../limit-connections.ts";

/** Serves one call. */
export type ServeStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface TakeOptions {
  readonly maxConnections: number;
  /** In place of that. */
  readonly door?: Door | undefined;
  /** Gets every call before grpc-js does, which serves those that are passed on. */
  readonly take: (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    serve: ServeStream,
  ) => void;
}

/** Private to grpc-js, which offers no other way to see a call before it has taken it. */
interface Insides {
  createHttp2Server?: (credentials: ServerCredentials) => Http2Server;
}

/** Stands between the HTTP/2 servers of grpc-js and grpc-js itself. Call it before the server is bound. */
export function takeStreams(server: Server, { maxConnections, door, take }: TakeOptions): void {
  const insides = server as unknown as Insides;
  const create = insides.createHttp2Server;
  insides.createHttp2Server = (credentials) => {
    const http2 = create?.call(server, credentials);
    const [serve] = (http2?.listeners("stream") ?? []) as ServeStream[];
    if (!http2 || !serve) throw new Error("this version of grpc-js takes its streams elsewhere");
    http2.removeAllListeners("stream");
    http2.on("stream", (stream, headers) => take(stream, headers, serve));
    if (door === undefined) limitConnections(http2, maxConnections);
    else door.guard(http2);
    return http2;
  };
}

import { once } from "node:events";
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";

/** Speaks HTTP/2 without the manners of a gRPC client. */
export interface RawCaller extends AsyncDisposable {
  readonly session: ClientHttp2Session;
  /** A call whose request does not end by itself, and whose reply nobody reads until `lastHeaders` is asked. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream;
  /** Sends the body as it is and returns the last headers that came: the trailers, if any. */
  call(headers: OutgoingHttpHeaders, body: Uint8Array): Promise<IncomingHttpHeaders>;
}

export async function openRawCaller(address: string): Promise<RawCaller> {
  const session = connect(`http://${address}`);
  session.on("error", () => {});
  await once(session, "connect");
  const open = (headers: OutgoingHttpHeaders) => {
    const stream = session.request({
      ":method": "POST",
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    stream.on("error", () => {});
    return stream;
  };
  return {
    session,
    open,
    call(headers, body) {
      const stream = open(headers);
      const last = lastHeaders(stream);
      stream.end(body);
      return last;
    },
    async [Symbol.asyncDispose]() {
      session.destroy();
    },
  };
}

/** Reads a stream to its end. */
export function lastHeaders(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  let last: IncomingHttpHeaders = {};
  stream.on("response", (received) => (last = received));
  stream.on("trailers", (received) => (last = received));
  stream.resume();
  return new Promise((resolve) => stream.once("close", () => resolve(last)));
}

/** A gRPC message: flags, length, bytes. */
export function framed(message: Uint8Array, { flags = 0, length = message.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

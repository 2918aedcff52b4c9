import { constants, type ServerHttp2Stream } from "node:http2";
import type { ServingError } from "../../proto/serving-error.ts";
import { statusMessage } from "../status-message.ts";

/** grpc-js would take others too, and inflate what came with them at once, whoever is waiting. */
export const acceptedEncoding = { "grpc-accept-encoding": "identity" };

/** Answers a call that grpc-js has not seen with a status alone. */
export function refuseStream(stream: ServerHttp2Stream, error: ServingError): void {
  const headers = {
    ":status": 200,
    "content-type": "application/grpc+proto",
    ...acceptedEncoding,
    ...error.trailers,
    "grpc-status": error.code,
    "grpc-message": encodeURI(statusMessage(error.message)),
  };
  stream.respond(headers, { endStream: true });
  // The caller need not send the rest, and what it has sent must not keep the stream.
  stream.close(constants.NGHTTP2_NO_ERROR);
  stream.resume();
}

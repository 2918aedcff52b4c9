import { Metadata as GrpcMetadata, status, type StatusObject } from "@grpc/grpc-js";
import { codeFrom, nameOf, ServingError } from "../../proto/serving-error.ts";
import { statusMessage } from "../status-message.ts";
import { fromGrpc, toGrpc } from "./metadata.ts";

export function toStatus(error: ServingError): StatusObject {
  return {
    code: status[nameOf(error.code)],
    details: statusMessage(error.message),
    metadata: trailersOf(error),
  };
}

/** A trailer that cannot be sent must not cost the caller the status. */
function trailersOf(error: ServingError): GrpcMetadata {
  try {
    return toGrpc(Object.entries(error.trailers));
  } catch {
    return new GrpcMetadata();
  }
}

/** How grpc-js words a stream that its own session, or a server that cuts its connections, took down: no status came. */
const lostSession =
  /^(Received RST_STREAM with code \d+ (\(Call ended without gRPC status\)|triggered by internal)|Call cancelled$)/;

/** How grpc-js words a connection that could not be made, around the reason for it. */
const unconnected =
  /^No connection established\. Last error: (?:Error: )?(.*?)(?: \([\dTZ:.-]+\))?\.* Resolution note: .*$/s;

/** @param heard Something of the reply had come before: headers, at least. */
export function fromStatus(received: StatusObject, heard: boolean): ServingError {
  const trailers = Object.fromEntries(fromGrpc(received.metadata));
  const tookDown = lostSession.test(received.details);
  const code = tookDown ? "UNAVAILABLE" : nameOf(codeFrom(received.code));
  // A status that comes with nothing else still brings its content-type.
  const isSilent = !heard && Object.keys(trailers).length === 0;
  const isLost = tookDown || (code === "UNAVAILABLE" && isSilent);
  const message = received.details.replace(unconnected, "no connection: $1");
  return new ServingError(code, message, { trailers, isLost });
}

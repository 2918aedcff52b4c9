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

/** How grpc-js words a stream that its own session took down; the server never sent a status. */
const lostSession =
  /^Received RST_STREAM with code \d+ (\(Call ended without gRPC status\)|triggered by internal)/;

export function fromStatus(received: StatusObject): ServingError {
  const code = lostSession.test(received.details) ? "UNAVAILABLE" : nameOf(codeFrom(received.code));
  return new ServingError(code, received.details, {
    trailers: Object.fromEntries(fromGrpc(received.metadata)),
  });
}

import { Code, codeFrom, nameOf, type CodeName, ServingError } from "../../proto/serving-error.ts";
import { Http2Code, type Http2CodeName } from "./connection-error.ts";
import { type ReplyHeaders, trailersOf } from "./reply-headers.ts";

/** The connection failed, and no server said anything about the call. */
export function lost(why: string): ServingError {
  return new ServingError("UNAVAILABLE", why, { isLost: true });
}

const http2Names = Object.fromEntries(
  Object.entries(Http2Code).map(([name, code]) => [code, name]),
) as Record<number, Http2CodeName>;

export function nameOfHttp2Code(code: number): string {
  return http2Names[code] ?? `error ${code}`;
}

/**
 * A stream that the server reset instead of ending it. As gRPC has it (PROTOCOL-HTTP2.md, "Errors"), but for two codes by
 * which servers cut connections that they are done with: these say nothing about the call, which is lost.
 */
export function failureOfReset(code: number): ServingError {
  const name = nameOfHttp2Code(code);
  const message = `the server reset the call: ${name}`;
  switch (name) {
    case "NO_ERROR":
    case "CANCEL":
    case "REFUSED_STREAM":
      return lost(message);
    case "ENHANCE_YOUR_CALM":
      return new ServingError("RESOURCE_EXHAUSTED", message);
    case "INADEQUATE_SECURITY":
      return new ServingError("PERMISSION_DENIED", message);
    default:
      return new ServingError("INTERNAL", message);
  }
}

/** What proxies say when no gRPC server answered (http-grpc-status-mapping.md). */
const codeOfHttpStatus: Readonly<Record<number, CodeName>> = {
  400: "INTERNAL",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "UNIMPLEMENTED",
  429: "UNAVAILABLE",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "UNAVAILABLE",
};

/** @returns Undefined for the headers of a reply whose messages may follow. */
export function failureOfHeaders(headers: ReplyHeaders): ServingError | undefined {
  const { isGrpc, httpStatus, contentType } = headers;
  if (isGrpc) return undefined;
  const trailers = trailersOf(headers);
  if (httpStatus === 200) {
    const message = `the server answered with the content type "${contentType}", which is not gRPC`;
    return new ServingError("UNKNOWN", message, { trailers });
  }
  const code = codeOfHttpStatus[httpStatus ?? 0] ?? "UNKNOWN";
  return new ServingError(code, `the server answered with HTTP status ${httpStatus}`, { trailers });
}

/** What trailers say: undefined for OK. */
export function failureOfStatus(headers: ReplyHeaders): ServingError | undefined {
  const { grpcStatus, grpcMessage } = headers;
  if (grpcStatus === Code.OK) return undefined;
  const trailers = trailersOf(headers);
  if (grpcStatus !== undefined)
    return new ServingError(nameOf(codeFrom(grpcStatus)), grpcMessage, { trailers });
  const message = "the server ended the call without a grpc-status";
  return new ServingError("UNKNOWN", message, { trailers });
}

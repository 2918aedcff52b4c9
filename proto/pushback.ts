import type { ServingError } from "./serving-error.ts";

/** The trailer of gRPC retries by which a server says when to come back. */
export const pushbackTrailer = "grpc-retry-pushback-ms";

const longestMs = 2 ** 31 - 1;

/** What the error says about coming back; undefined when it says nothing, or that one should not. */
export function pushbackMsOf(error: ServingError): number | undefined {
  const text = error.trailers[pushbackTrailer];
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  return Math.min(Number(text), longestMs);
}

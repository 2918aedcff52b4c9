import type { Metadata } from "../../transport/call.ts";

/** What concerns one connection, or what the transport writes anew for each. All else belongs to the caller. */
const hopByHop = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/** Said to the one who decides, and decided there. The token that allows it is nobody else's business. */
const decidedHere = new Set(["authorization", "x-crossfade-arm"]);

/** The metadata that goes on to the next server; `traceparent` does, and whatever else nobody here knows. */
export function forwardedMetadata(metadata: Metadata): Metadata {
  const forwarded = new Map<string, string>();
  for (const [key, value] of metadata) {
    const isOwn = hopByHop.has(key) || key.startsWith("grpc-") || key.startsWith(":");
    if (!isOwn && !decidedHere.has(key)) forwarded.set(key, value);
  }
  return forwarded;
}

/** Equal only for metadata that says the same. */
export function metadataKey(metadata: Metadata): string {
  return metadata.size === 0 ? "" : JSON.stringify([...metadata]);
}

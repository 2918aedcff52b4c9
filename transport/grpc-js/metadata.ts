import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import type { Metadata } from "../call.ts";

/** Values that came as one header field or several read the same. */
export function fromGrpc(metadata: GrpcMetadata): Metadata {
  const entries = new Map<string, string>();
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    entries.set(
      key,
      values
        .map((value) => (typeof value === "string" ? value : value.toString("base64")))
        .join(", "),
    );
  }
  return entries;
}

/** Throws for a key or value that HTTP/2 cannot carry. */
export function toGrpc(entries: Iterable<readonly [string, string]>): GrpcMetadata {
  const metadata = new GrpcMetadata();
  for (const [key, value] of entries) {
    if (!key.endsWith("-bin")) metadata.set(key, value);
    else for (const part of value.split(",")) metadata.add(key, Buffer.from(part.trim(), "base64"));
  }
  return metadata;
}

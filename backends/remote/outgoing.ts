import { RecommendRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { fieldSize, writeBytes, writeFieldStart, type Sink } from "../../proto/wire-writer.ts";
import type { Query } from "../backend.ts";

/** A query as it will stand on the wire: its bytes, and before them the version that an arm has pinned. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  /** "" when the bytes say it, or nobody does. */
  readonly version: string;
  readonly size: number;
}

const requestsTag = 0x0a;
const modelVersionTag = 0x1a;

/** Throws INVALID_ARGUMENT for bytes that have to be decoded and cannot be. */
export function outgoing(query: Query): Outgoing {
  const { bytes, version, sentVersion } = query;
  if (version === sentVersion) return { bytes, version: "", size: bytes.length };
  if (sentVersion !== "") return renamed(query);
  const size = fieldSize(Buffer.byteLength(version)) + bytes.length;
  return { bytes, version, size };
}

/** An encoded RecommendRequest. */
export function encodeOne(query: Outgoing): Uint8Array {
  if (query.version === "") return query.bytes;
  const sink: Sink = { bytes: Buffer.allocUnsafe(query.size), position: 0 };
  writeOutgoing(sink, query);
  return sink.bytes;
}

/** An encoded BatchRecommendRequest. */
export function encodeBatch(queries: readonly Outgoing[]): Uint8Array {
  let size = 0;
  for (const query of queries) size += fieldSize(query.size);
  const sink: Sink = { bytes: Buffer.allocUnsafe(size), position: 0 };
  for (const query of queries) {
    writeFieldStart(sink, requestsTag, query.size);
    writeOutgoing(sink, query);
  }
  return sink.bytes;
}

/** The version goes first: behind bytes that end too early it would be read as a part of them. */
function writeOutgoing(sink: Sink, { bytes, version }: Outgoing): void {
  if (version !== "") {
    writeFieldStart(sink, modelVersionTag, Buffer.byteLength(version));
    sink.position += sink.bytes.write(version, sink.position);
  }
  writeBytes(sink, bytes);
}

/** A request must not name two versions. Rare: the caller named one and was sent to another arm. */
function renamed(query: Query): Outgoing {
  const request = { ...query.request(), modelVersion: query.version };
  const bytes = RecommendRequest.encode(request).finish();
  return { bytes, version: "", size: bytes.length };
}

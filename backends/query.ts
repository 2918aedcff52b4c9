import { decodeMessage } from "../proto/decode-message.ts";
import { RecommendRequest } from "../proto/gen/crossfade/v1/recommender.ts";
import { createNameCache } from "../proto/name-cache.ts";
import { createPeek } from "../proto/peek.ts";
import type { Call } from "../transport/call.ts";
import type { Query } from "./backend.ts";

/** @returns Reads what a router needs of an encoded RecommendRequest; throws INVALID_ARGUMENT. */
export function createQueryReader(): (bytes: Uint8Array, call: Call) => Query {
  const peek = createPeek();
  const modelName = createNameCache("model");
  const versionName = createNameCache("model_version");
  return (bytes, call) => {
    const names = peek(bytes);
    return createQuery(bytes, call, {
      model: modelName(bytes, names.modelStart, names.modelEnd),
      version: versionName(bytes, names.versionStart, names.versionEnd),
      user: bytes.subarray(names.userStart, names.userEnd),
    });
  };
}

export function createQuery(
  bytes: Uint8Array,
  call: Call,
  peeked: Pick<Query, "model" | "version" | "user">,
): Query {
  let decoded: RecommendRequest | undefined;
  const { model, version, user } = peeked;
  return {
    model,
    version,
    sentVersion: version,
    user,
    bytes,
    call,
    request: () => (decoded ??= decodeMessage(RecommendRequest, bytes, "RecommendRequest")),
  };
}

/** The same query for this version. Its bytes stay as they came; whoever sends them on says the version in its own copy. */
export function pinVersion(query: Query, version: string): Query {
  return query.version === version ? query : { ...query, version };
}

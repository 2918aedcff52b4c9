import { decodeMessage } from "../proto/decode-message.ts";
import { RecommendRequest } from "../proto/gen/crossfade/v1/recommender.ts";
import { createNameCache } from "../proto/name-cache.ts";
import { createPeek } from "../proto/peek.ts";
import { defaultTopK } from "../proto/request-fields.ts";
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
      topK: names.topK,
    });
  };
}

type Peeked = Pick<Query, "model" | "version" | "user"> & Partial<Pick<Query, "topK">>;

export function createQuery(bytes: Uint8Array, call: Call, peeked: Peeked): Query {
  let decoded: RecommendRequest | undefined;
  const { model, version, user, topK = defaultTopK } = peeked;
  return {
    model,
    version,
    sentVersion: version,
    user,
    topK,
    bytes,
    call,
    request: () => (decoded ??= decodeMessage(RecommendRequest, bytes, "RecommendRequest")),
  };
}

/** The same query for this version. Its bytes stay as they came; whoever sends them on says the version in its own copy. */
export function pinVersion(query: Query, version: string): Query {
  return query.version === version ? query : { ...query, version };
}

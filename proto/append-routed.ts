import { RecommendResponse, type Routed } from "./gen/crossfade/v1/recommender.ts";

/** What a router adds to a server's reply, as bytes behind it: the reply is not decoded. */
export function appendRouted(
  reply: Uint8Array,
  routed: Routed,
  recommendationId: string,
): Uint8Array {
  const added = RecommendResponse.encode({
    items: [],
    served: undefined,
    routed,
    recommendationId,
  }).finish();
  const bytes = Buffer.allocUnsafe(reply.length + added.length);
  bytes.set(reply);
  bytes.set(added, reply.length);
  return bytes;
}

import { RecommendResponse, Served } from "../proto/gen/crossfade/v1/recommender.ts";
import type { Reply } from "./backend.ts";

/** @param bytes An encoded RecommendResponse. */
export function createReply(bytes: Uint8Array): Reply {
  return { bytes, served: () => RecommendResponse.decode(bytes).served ?? Served.fromPartial({}) };
}

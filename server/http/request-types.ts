import {
  BatchRecommendRequest,
  RecommendRequest,
  Track,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import type { RequestLimits } from "../../proto/request-limits.ts";
import { flag, id, list, message, text, type Readable } from "./json/readable.ts";
import { describe } from "./json/schema.ts";
import { predictType, type PredictRequest } from "./predict-types.ts";
import { topKType } from "./top-k-type.ts";

export interface RequestTypes {
  readonly recommend: Readable<RecommendRequest>;
  readonly batchRecommend: Readable<BatchRecommendRequest>;
  readonly playlists: Readable<PlaylistsRequest>;
  readonly predict: Readable<PredictRequest>;
}

/** As an origin of the design publishes it. */
export interface PlaylistsRequest {
  user_ids: string[];
}

export interface RequestTypeLimits extends RequestLimits {
  readonly maxBatchRequests: number;
}

/** The requests of the contract in JSON, as proto3 maps them, and those of the origins' routes. */
export function requestTypes(limits: RequestTypeLimits): RequestTypes {
  const recommend = recommendType(limits);
  return {
    recommend,
    batchRecommend: message({
      title: "BatchRecommendRequest",
      empty: () => BatchRecommendRequest.fromPartial({}),
      fields: { requests: list(recommend, limits.maxBatchRequests) },
    }),
    playlists: message({
      title: "PlaylistsRequest",
      empty: (): PlaylistsRequest => ({ user_ids: [] }),
      fields: { user_ids: list(id, limits.maxBatchRequests) },
      required: ["user_ids"],
    }),
    predict: predictType(limits),
  };
}

function recommendType(limits: RequestLimits): Readable<RecommendRequest> {
  const track = message({
    title: "Track",
    empty: () => Track.fromPartial({}),
    fields: { title: text, artist: text },
  });
  const named = describe(text, "Need not be given; if it is, it must be what the path says.");
  return message({
    title: "RecommendRequest",
    empty: () => RecommendRequest.fromPartial({}),
    fields: {
      model: named,
      userId: describe(id, "Empty: an anonymous user."),
      modelVersion: describe(text, "Empty: the newest loaded version."),
      history: describe(list(id, limits.maxHistory), "Item ids, oldest first."),
      tracks: describe(
        list(track, limits.maxTracks),
        "Tracks by name, each with a title, an artist or both. Only the family cold-start knows names; others refuse them.",
      ),
      candidates: describe(
        list(id, limits.maxCandidates),
        "When not empty, only these are ranked.",
      ),
      exclude: describe(list(id, limits.maxExclude), "Never recommended."),
      excludeHistory: describe(flag, "Adds history to exclude, and what tracks name."),
      topK: topKType(limits),
    },
  });
}

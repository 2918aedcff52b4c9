import {
  BatchRecommendRequest,
  RecommendRequest,
  Track,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import type { RequestLimits } from "../../proto/request-limits.ts";
import { flag, id, int32, list, message, text, type Readable } from "./json/readable.ts";
import { describe } from "./json/schema.ts";

export interface RequestTypes {
  readonly recommend: Readable<RecommendRequest>;
  readonly batchRecommend: Readable<BatchRecommendRequest>;
  readonly playlists: Readable<PlaylistsRequest>;
  readonly movies: Readable<MoviesRequest>;
}

/** As an origin of the design publishes it. */
export interface PlaylistsRequest {
  user_ids: string[];
}

/** Likewise. */
export interface MoviesRequest {
  user_id: string;
  sequence: string[];
  top_k: number | undefined;
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
    movies: moviesType(limits),
  };
}

function moviesType(limits: RequestLimits): Readable<MoviesRequest> {
  return message({
    title: "MoviesRequest",
    empty: (): MoviesRequest => ({ user_id: "", sequence: [], top_k: undefined }),
    fields: {
      user_id: describe(id, "Absent: somebody whom nobody knows."),
      sequence: describe(list(id, limits.maxHistory), "What the user watched, oldest first."),
      top_k: topKType(limits),
    },
    required: ["sequence"],
  });
}

function topKType({ maxTopK }: RequestLimits): Readable<number> {
  return {
    ...int32,
    schema: { ...int32.schema, minimum: 1, maximum: maxTopK, description: "Default 10." },
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
      tracks: describe(list(track, limits.maxTracks), "By name, for models that know names."),
      candidates: describe(
        list(id, limits.maxCandidates),
        "When not empty, only these are ranked.",
      ),
      exclude: describe(list(id, limits.maxExclude), "Never recommended."),
      excludeHistory: describe(flag, "Adds history to exclude."),
      topK: topKType(limits),
    },
  });
}

import {
  RouteReason,
  type BatchRecommendResponse,
  type Item,
  type ListModelsResponse,
  type ModelVersion,
  type RecommendResponse,
  type Result,
  type Routed,
  type Served,
  type Status,
  type TrackCounts,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import {
  choice,
  flag,
  id,
  int32,
  int64,
  list,
  message,
  number,
  text,
  time,
  type Writable,
} from "./json/writable.ts";

/** The replies of the contract in JSON, as proto3 maps them, with every field written. */

const item = message<Item>("Item", { score: number, id, title: text, artist: text });

const trackCounts = message<TrackCounts>("TrackCounts", {
  known: int32,
  matched: int32,
  new: int32,
});

const served = message<Served>(
  "Served",
  {
    model: text,
    modelVersion: text,
    backend: text,
    coldStart: flag,
    degraded: text,
    unknownCount: int32,
    unknownIds: list(id),
    tracks: trackCounts,
  },
  ["tracks"],
);

const reasons = new Map(
  Object.entries(RouteReason).map(([name, value]) => [value, `ROUTE_REASON_${name}`]),
);

const routed = message<Routed>("Routed", {
  arm: text,
  reason: choice(reasons),
  attempts: int32,
  degraded: text,
});

export const recommendReply = message<RecommendResponse>(
  "RecommendResponse",
  { items: list(item), served, routed, recommendationId: text },
  ["served", "routed"],
);

const status = message<Status>("Status", { code: int32, message: text, retryPushbackMs: int32 });

const result: Writable<Result> = {
  schema: {
    title: "Result",
    oneOf: [wrapped("response", recommendReply), wrapped("status", status)],
  },
  write({ result: one }, ids) {
    if (one === undefined) return "{}";
    return one.$case === "response"
      ? `{"response":${recommendReply.write(one.value, ids)}}`
      : `{"status":${status.write(one.value, ids)}}`;
  },
};

function wrapped(name: string, { schema }: Writable<never>) {
  return { type: "object", properties: { [name]: schema }, required: [name] };
}

export const batchReply = message<BatchRecommendResponse>("BatchRecommendResponse", {
  results: list(result),
});

const modelVersion = message<ModelVersion>(
  "ModelVersion",
  {
    model: text,
    version: text,
    family: text,
    variant: text,
    backend: text,
    ready: flag,
    isDefault: flag,
    itemCount: int64,
    created: time,
    overlapAt10: number,
    idType: text,
  },
  ["created"],
);

export const modelsReply = message<ListModelsResponse>("ListModelsResponse", {
  models: list(modelVersion),
});

export interface ModelReply {
  readonly model: string;
  /** One of its versions answers. */
  readonly ready: boolean;
  /** What answers requests that name no version; absent when nothing is. */
  readonly defaultVersion?: string | undefined;
  readonly versions: readonly ModelVersion[];
}

export const modelReply = message<ModelReply>(
  "Model",
  { model: text, ready: flag, defaultVersion: text, versions: list(modelVersion) },
  ["defaultVersion"],
);

/** One user's playlists, as an origin of the design publishes them. */
export interface UserPlaylists {
  readonly user_id: string;
  readonly playlists: readonly string[];
  /** Why there are none; the other users have theirs. */
  readonly error?: ErrorBody | undefined;
}

export interface ErrorBody {
  /** A google.rpc.Code by name. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

const errorBody = message<ErrorBody>("ErrorBody", { code: text, message: text, requestId: text });

export const errorReply = message<{ error: ErrorBody }>("Error", { error: errorBody });

export const playlistsReply = list(
  message<UserPlaylists>("UserPlaylists", { user_id: id, playlists: list(id), error: errorBody }, [
    "error",
  ]),
);

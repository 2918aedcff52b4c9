import { Random } from "../../models/random.ts";
import {
  BatchRecommendRequest,
  RecommendRequest,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Workload } from "../workload.ts";
import { createWorld, listenerId, playlistId, type World } from "../world/create-world.ts";
import { encodeJson } from "./template-requests.ts";
import { createZipf } from "./zipf.ts";

/** Calls as the listeners of the invented music service would make them. */
export interface WorldWorkloadOptions {
  readonly transport: "grpc" | "http";
  /** Default "playlists". */
  readonly model?: string;
  /** Distinct calls, sent in turn. Default 10,000. */
  readonly count?: number;
  readonly seed: number;
  /** How much more often some listeners come than others: 0 not at all. Default 1. */
  readonly zipfExponent?: number;
  /** Of 10,000 users, how many the model has never seen. Default 0. */
  readonly coldBasisPoints?: number;
  /** Ids of what the listener follows that are sent along, at most. Default 0. */
  readonly history?: number;
  /** Default 10. */
  readonly topK?: number;
  /** Set: BatchRecommend, with as many users as these say, each in proportion to its share. */
  readonly batches?: readonly BatchSize[];
  readonly world?: World;
}

export interface BatchSize {
  readonly users: number;
  readonly share: number;
}

export function worldWorkload(options: WorldWorkloadOptions): Workload {
  const { transport, model = "playlists", count = 10_000, seed, batches } = options;
  const draw = drawing(options);
  const random = new Random(seed, 1);
  const name = `world${batches === undefined ? "" : ", batches"}`;
  if (batches === undefined) {
    const requests = Array.from({ length: count }, () => draw());
    return transport === "grpc"
      ? grpc(name, "Recommend", requests.map(encodeOne))
      : http(name, `${model}:recommend`, requests.map(withoutModel));
  }
  const groups = Array.from({ length: count }, () =>
    Array.from({ length: drawSize(batches, random) }, () => draw()),
  );
  return transport === "grpc"
    ? grpc(name, "BatchRecommend", groups.map(encodeBatch))
    : http(
        name,
        `${model}:batchRecommend`,
        groups.map((group) => encodeJson({ requests: group.map(plain) })),
      );
}

function drawing(options: WorldWorkloadOptions): () => RecommendRequest {
  const { model = "playlists", seed, zipfExponent = 1, coldBasisPoints = 0 } = options;
  const { history = 0, topK = 10, world = createWorld() } = options;
  const random = new Random(seed);
  const listener = createZipf(world.sizes.listeners, zipfExponent);
  return () => {
    const index = listener(random);
    const isCold = random.below(10_000) < coldBasisPoints;
    const userId = isCold ? `new-${random.bits()}` : listenerId(index);
    const followed = history === 0 ? [] : Array.from(world.follows(index).slice(-history));
    return RecommendRequest.fromPartial({
      model,
      userId,
      history: followed.map(playlistId),
      topK,
    });
  };
}

function drawSize(batches: readonly BatchSize[], random: Random): number {
  const total = batches.reduce((sum, { share }) => sum + share, 0);
  let left = random.share() * total;
  const found = batches.find(({ share }) => (left -= share) < 0);
  return (found ?? batches.at(-1)!).users;
}

function encodeOne(request: RecommendRequest): Uint8Array {
  return RecommendRequest.encode(request).finish();
}

function encodeBatch(requests: RecommendRequest[]): Uint8Array {
  return BatchRecommendRequest.encode({ requests }).finish();
}

/** Its JSON; fields at their defaults are left out. */
function plain({ model, userId, history, topK }: RecommendRequest): object {
  return { model, userId, ...(history.length > 0 && { history }), topK };
}

/** The path names it. */
function withoutModel(request: RecommendRequest): Uint8Array {
  const { model: _, ...rest } = plain(request) as { model: string };
  return encodeJson(rest);
}

function grpc(name: string, method: string, requests: readonly Uint8Array[]): Workload {
  const path = `/crossfade.v1.RecommenderService/${method}`;
  return {
    name,
    call: { transport: "grpc", path },
    requests,
    metadata: {},
    replies: method === "Recommend" ? "recommend" : "batch-recommend",
  };
}

function http(name: string, route: string, requests: readonly Uint8Array[]): Workload {
  return {
    name,
    call: { transport: "http", method: "POST", path: `/v1/models/${route}` },
    requests,
    metadata: { "content-type": "application/json" },
    replies: route.endsWith(":recommend") ? "recommend" : "batch-recommend",
  };
}

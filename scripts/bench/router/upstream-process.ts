import { joinResults } from "../../../proto/join-results.ts";
import {
  ListModelsResponse,
  ModelVersion,
  RecommendResponse,
} from "../../../proto/gen/crossfade/v1/recommender.ts";
import {
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../../proto/gen/grpc/health/v1/health.ts";
import { createReply } from "../../../backends/reply.ts";
import { sliceBatch } from "../../../proto/slice-batch.ts";
import { startServer } from "../../../transport/open.ts";
import type { Method, StreamMethod } from "../../../transport/transport.ts";

/** From the parent: which model to pretend to hold. */
export interface UpstreamOrder {
  readonly model: string;
  readonly versions: readonly string[];
}

/** To the parent. */
export interface UpstreamStarted {
  readonly address: string;
}

/* A server that answers at once, always the same, and says of itself what a router wants to know. */

process.once("message", (order: UpstreamOrder) => void serve(order));
process.once("disconnect", () => process.exit());

const service = "/crossfade.v1.RecommenderService";
const maxBatch = 1_000;

async function serve(order: UpstreamOrder): Promise<void> {
  const reply = createReply(cannedReply(order.model));
  const models = listOf(order);
  const { address } = await startServer([
    unary("Recommend", () => reply.bytes),
    unary("BatchRecommend", (request) =>
      joinResults(Array.from({ length: sliceBatch(request, maxBatch).length / 2 }, () => reply)),
    ),
    unary("ListModels", () => models),
    watch,
  ]);
  process.send!({ address } satisfies UpstreamStarted);
}

function unary(name: string, answer: (request: Uint8Array) => Uint8Array): Method {
  return {
    kind: "unary",
    path: `${service}/${name}`,
    handle: async (request) => answer(request),
  };
}

const watch: StreamMethod = {
  kind: "server_stream",
  path: "/grpc.health.v1.Health/Watch",
  async *handle(_, { signal }) {
    yield HealthCheckResponse.encode({ status: ServingStatus.SERVING }).finish();
    await new Promise((left) => signal.addEventListener("abort", left));
  },
};

function cannedReply(model: string): Uint8Array {
  const items = Array.from({ length: 10 }, (_, i) => ({
    score: 1 - i / 10,
    id: `track-${i}`,
    title: `Velvet Harbour, take ${i}`,
  }));
  const served = { model, modelVersion: "1", backend: "canned" };
  return RecommendResponse.encode(RecommendResponse.fromPartial({ items, served })).finish();
}

function listOf({ model, versions }: UpstreamOrder): Uint8Array {
  const models = versions.map((version) =>
    ModelVersion.fromPartial({ model, version, ready: true }),
  );
  return ListModelsResponse.encode({ models }).finish();
}

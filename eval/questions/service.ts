import {
  ListModelsRequest,
  ListModelsResponse,
  RecommendRequest,
  RecommendResponse,
  type ModelVersion,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { openHttp2Channel } from "../../transport/http2/channel.ts";
import type { Question, Side } from "./question.ts";

/** A server or router, as its callers see it. */
export interface Service extends Disposable {
  listModels(signal: AbortSignal): Promise<readonly ModelVersion[]>;
  ask(question: Question, signal: AbortSignal): Promise<RecommendResponse>;
}

const service = "/crossfade.v1.RecommenderService";
/** Nobody waits for an evaluation's single answer: it may queue. */
const patienceMs = 60_000;

export function openService({ target, model, version, metadata, serverAuthority }: Side): Service {
  const channel = openHttp2Channel(
    target,
    serverAuthority === undefined ? {} : { serverAuthority },
  );
  const call = (signal: AbortSignal) => ({
    deadlineMs: performance.now() + patienceMs,
    signal,
    metadata,
  });
  return {
    async listModels(signal) {
      const request = ListModelsRequest.encode({}).finish();
      const reply = await channel.unary(`${service}/ListModels`, request, call(signal));
      return ListModelsResponse.decode(reply).models;
    },
    async ask(question, signal) {
      const message = RecommendRequest.fromPartial({
        ...(question as RecommendRequest),
        model,
        modelVersion: version,
      });
      const request = RecommendRequest.encode(message).finish();
      return RecommendResponse.decode(
        await channel.unary(`${service}/Recommend`, request, call(signal)),
      );
    },
    [Symbol.dispose]: () => channel.close(),
  };
}

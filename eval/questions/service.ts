import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  ListModelsRequest,
  ListModelsResponse,
  RecommendRequest,
  RecommendResponse,
  type ModelVersion,
  type Result,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { openHttp2Channel } from "../../transport/http2/channel.ts";
import { codeFrom, nameOf, ServingError } from "../../proto/serving-error.ts";
import type { Answered, Question, Side } from "./question.ts";

/** A server or router, as its callers see it. */
export interface Service extends Disposable {
  listModels(signal: AbortSignal): Promise<readonly ModelVersion[]>;
  ask(question: Question, signal: AbortSignal): Promise<RecommendResponse>;
  /** All of them in one call; answers in their order. */
  askTogether(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answered[]>;
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
  const messageOf = (question: Question) =>
    RecommendRequest.fromPartial({
      ...(question as RecommendRequest),
      model,
      modelVersion: version,
    });
  return {
    async listModels(signal) {
      const request = ListModelsRequest.encode({}).finish();
      const reply = await channel.unary(`${service}/ListModels`, request, call(signal));
      return ListModelsResponse.decode(reply).models;
    },
    async ask(question, signal) {
      const request = RecommendRequest.encode(messageOf(question)).finish();
      return RecommendResponse.decode(
        await channel.unary(`${service}/Recommend`, request, call(signal)),
      );
    },
    async askTogether(questions, signal) {
      const requests = questions.map(messageOf);
      const request = BatchRecommendRequest.encode({ requests }).finish();
      const reply = await channel.unary(`${service}/BatchRecommend`, request, call(signal));
      return BatchRecommendResponse.decode(reply).results.map(answerIn);
    },
    [Symbol.dispose]: () => channel.close(),
  };
}

function answerIn({ result }: Result): Answered {
  if (result?.$case === "response") return result.value;
  const { code, message } = result?.value ?? { code: 13, message: "a result that says nothing" };
  return new ServingError(nameOf(codeFrom(code)), message);
}

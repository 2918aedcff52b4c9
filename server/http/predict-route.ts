import type { Backend } from "../../backends/backend.ts";
import { createQueryReader } from "../../backends/query.ts";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { HttpModels } from "./http-models.ts";
import { moviesReply } from "./reply-types.ts";
import type { MoviesRequest, RequestTypes } from "./request-types.ts";
import { readJson } from "./read-json.ts";
import { json, type Route } from "./route.ts";

export interface PredictRouteOptions {
  readonly backend: Backend;
  readonly models: HttpModels;
  readonly types: RequestTypes;
  /** Which model answers. */
  readonly movieModel: string;
  readonly defaultDeadlineMs: number;
}

/** The route of the movie recommender, as its own documents show it: what a user watched in, what to watch next out. */
export function predictRoute(options: PredictRouteOptions): Route {
  const { backend, models, types, movieModel: model, defaultDeadlineMs } = options;
  const readQuery = createQueryReader();
  return {
    method: "POST",
    template: "/predict",
    defaultTimeoutMs: defaultDeadlineMs,
    operation: {
      id: "predict",
      summary: `What to watch next, none of it watched before, from the model ${model}`,
      request: types.movies.schema,
      replies: { 200: { description: "Best first.", schema: moviesReply.schema } },
    },
    async handle({ body, call }) {
      const idType = models.idType(model, "");
      const request = requestOf(readJson(types.movies, body, idType), model);
      const query = readQuery(RecommendRequest.encode(request).finish(), call);
      const [answer] = await backend.answer([query]);
      if (answer instanceof ServingError) throw inWordsOfOrigin(answer);
      const { items } = RecommendResponse.decode(answer!.bytes);
      const top = { top_items: items.map(({ id }) => id) };
      return json(moviesReply.write(top, idType ?? "string"));
    },
  };
}

function requestOf(asked: MoviesRequest, model: string): RecommendRequest {
  const { user_id: userId, sequence: history, top_k: topK } = asked;
  return RecommendRequest.fromPartial({ model, userId, history, excludeHistory: true, topK });
}

/** The caller has sent no `history`. */
function inWordsOfOrigin(error: ServingError): ServingError {
  const isTheirs = error.code === Code.INVALID_ARGUMENT && /^history\b/.test(error.message);
  if (!isTheirs) return error;
  return new ServingError("INVALID_ARGUMENT", error.message.replace(/^history/, "sequence"), {
    cause: error,
  });
}

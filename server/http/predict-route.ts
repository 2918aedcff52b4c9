import type { Backend } from "../../backends/backend.ts";
import { createQueryReader } from "../../backends/query.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import {
  RecommendRequest,
  RecommendResponse,
  type Item,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { HttpModels } from "./http-models.ts";
import {
  moviesReply,
  predictReply,
  tracksReply,
  type MoviesRequest,
  type TracksRequest,
} from "./predict-types.ts";
import type { RequestTypes } from "./request-types.ts";
import { readJson } from "./read-json.ts";
import { json, type Route } from "./route.ts";

export interface PredictRouteOptions {
  readonly backend: Backend;
  readonly models: HttpModels;
  readonly types: RequestTypes;
  /** Which model answers a sequence. */
  readonly movieModel: string;
  /** Which model answers tracks. */
  readonly trackModel: string;
  readonly defaultDeadlineMs: number;
}

/** What an origin asks, in the words of the contract, and back. */
interface Exchange {
  readonly request: RecommendRequest;
  /** Names the model, which the caller cannot. */
  readonly setting: string;
  reply(items: readonly Item[]): string;
  /** A complaint about the request, of which the caller wrote another one. */
  inWordsOfOrigin(complaint: string): string;
}

/** The route of the movie recommender and of the track recommender, as their own documents show it: the body says which. */
export function predictRoute(options: PredictRouteOptions): Route {
  const { backend, models, types, movieModel, trackModel, defaultDeadlineMs } = options;
  const readQuery = createQueryReader();
  return {
    method: "POST",
    template: "/predict",
    defaultTimeoutMs: defaultDeadlineMs,
    operation: {
      id: "predict",
      summary: `What to watch next, from the model ${movieModel}; or tracks for a playlist, from ${trackModel}; nothing that was sent`,
      request: types.predict.schema,
      replies: { 200: { description: "Best first.", schema: predictReply } },
    },
    async handle({ body, call }) {
      const idType = models.idType(movieModel, "");
      const asked = readJson(types.predict, body, idType);
      const exchange =
        "tracks" in asked
          ? tracksExchange(asked, trackModel)
          : moviesExchange(asked, movieModel, idType ?? "string");
      const query = readQuery(RecommendRequest.encode(exchange.request).finish(), call);
      const [answer] = await backend.answer([query]);
      if (answer instanceof ServingError) throw reworded(answer, exchange);
      return json(exchange.reply(RecommendResponse.decode(answer!.bytes).items));
    },
  };
}

function moviesExchange(asked: MoviesRequest, model: string, idType: IdType): Exchange {
  const { user_id: userId, sequence: history, top_k: topK } = asked;
  return {
    request: RecommendRequest.fromPartial({ model, userId, history, excludeHistory: true, topK }),
    setting: "--movie-model",
    reply: (items) => moviesReply.write({ top_items: items.map(({ id }) => id) }, idType),
    inWordsOfOrigin: (complaint) => complaint.replace(/^history\b/, "sequence"),
  };
}

function tracksExchange({ tracks: named, top_k: topK }: TracksRequest, model: string): Exchange {
  const tracks = named.map(({ track_name, artist_name }) => ({
    title: track_name,
    artist: artist_name,
  }));
  return {
    request: RecommendRequest.fromPartial({ model, tracks, excludeHistory: true, topK }),
    setting: "--track-model",
    reply(items) {
      const named = items.map(({ title, artist }) => ({ track_name: title, artist_name: artist }));
      return tracksReply.write({ recommended_tracks: named }, "string");
    },
    inWordsOfOrigin: (complaint) =>
      complaint.startsWith("tracks[")
        ? complaint.replace(/\btitle\b/, "track_name").replace(/\bartist\b/, "artist_name")
        : complaint.replace(/\bin history\b/, "in sequence"),
  };
}

function reworded(error: ServingError, exchange: Exchange): ServingError {
  if (error.code === Code.NOT_FOUND) return namingSetting(error, exchange);
  if (error.code !== Code.INVALID_ARGUMENT) return error;
  const complaint = exchange.inWordsOfOrigin(error.message);
  return new ServingError("INVALID_ARGUMENT", complaint, { cause: error });
}

function namingSetting(error: ServingError, { setting }: Exchange): ServingError {
  const advice = `; start the server with ${setting} and one of `;
  const complaint = error.message.replace("; send one of ", advice);
  return new ServingError("NOT_FOUND", complaint, { cause: error });
}

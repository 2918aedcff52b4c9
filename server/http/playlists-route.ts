import type { Answer, Backend } from "../../backends/backend.ts";
import { createQueryReader } from "../../backends/query.ts";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { nameOf, ServingError } from "../../proto/serving-error.ts";
import { answerReadable, attempt } from "../answer-readable.ts";
import type { HttpModels } from "./http-models.ts";
import { readJson } from "./read-json.ts";
import { playlistsReply, type UserPlaylists } from "./reply-types.ts";
import type { RequestTypes } from "./request-types.ts";
import { json, type Route } from "./route.ts";

export interface PlaylistsRouteOptions {
  readonly backend: Backend;
  readonly models: HttpModels;
  readonly types: RequestTypes;
  /** Which model answers. */
  readonly playlistModel: string;
  readonly defaultBatchDeadlineMs: number;
}

/** As many as the origin gives. */
const topK = 5;

/** The route of "Spotify Buddies", as its own documents show it: user ids in, five playlists for each out. */
export function playlistsRoute(options: PlaylistsRouteOptions): Route {
  const { backend, models, types, playlistModel: model, defaultBatchDeadlineMs } = options;
  const readQuery = createQueryReader();
  return {
    method: "POST",
    template: "/api/playlist/recommend/",
    defaultTimeoutMs: defaultBatchDeadlineMs,
    operation: {
      id: "recommendPlaylists",
      summary: `Five playlists for each user, from the model ${model}`,
      request: types.playlists.schema,
      replies: { 200: { description: "In request order.", schema: playlistsReply.schema } },
    },
    async handle({ body, call, requestId }) {
      const idType = models.idType(model, "");
      const { user_ids: users } = readJson(types.playlists, body, idType);
      const requests = users.map((userId) => RecommendRequest.fromPartial({ model, userId, topK }));
      const read = requests.map((request) =>
        attempt(() => readQuery(RecommendRequest.encode(request).finish(), call)),
      );
      const answers = await answerReadable(backend, read);
      refuseWhenAllFailed(answers);
      const rows = answers.map((answer, i) => rowOf(users[i]!, answer, requestId));
      return json(playlistsReply.write(rows, idType ?? "string"));
    },
  };
}

/** The origin's reply has no place for a failure: one of many gets a field of its own, all together are a status. */
function refuseWhenAllFailed(answers: readonly Answer[]): void {
  const [first] = answers;
  if (first instanceof ServingError && answers.every((one) => one instanceof ServingError))
    throw first;
}

function rowOf(user: string, answer: Answer, requestId: string): UserPlaylists {
  if (answer instanceof ServingError) {
    const error = { code: nameOf(answer.code), message: answer.message, requestId };
    return { user_id: user, playlists: [], error };
  }
  const { items } = RecommendResponse.decode(answer.bytes);
  return { user_id: user, playlists: items.map(({ id }) => id) };
}

import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  RecommendRequest,
  RecommendResponse,
  type Result,
} from "../proto/gen/crossfade/v1/recommender.ts";
import type { Channel } from "../transport/transport.ts";

export type RequestFields = Parameters<typeof RecommendRequest.fromPartial>[0];

export const recommendPath = "/crossfade.v1.RecommenderService/Recommend";
export const batchPath = "/crossfade.v1.RecommenderService/BatchRecommend";

export function requestBytes(fields: RequestFields): Uint8Array {
  return RecommendRequest.encode(
    RecommendRequest.fromPartial({ model: "playlists", ...fields }),
  ).finish();
}

export async function recommend(
  channel: Channel,
  fields: RequestFields,
): Promise<RecommendResponse> {
  return RecommendResponse.decode(await channel.unary(recommendPath, requestBytes(fields)));
}

export async function batchRecommend(
  channel: Channel,
  fields: readonly RequestFields[],
): Promise<readonly Result["result"][]> {
  const requests = fields.map((one) =>
    RecommendRequest.fromPartial({ model: "playlists", ...one }),
  );
  const bytes = await channel.unary(batchPath, BatchRecommendRequest.encode({ requests }).finish());
  return BatchRecommendResponse.decode(bytes).results.map(({ result }) => result);
}

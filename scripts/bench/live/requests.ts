import {
  BatchRecommendRequest,
  RecommendRequest,
} from "../../../proto/gen/crossfade/v1/recommender.ts";
import { Random } from "../../../models/random.ts";
import type { TwoTowerShape } from "../../../models/two-tower/weights.ts";
import { benchModel, itemId, userId } from "./bench-bundle.ts";

export const recommendPath = "/crossfade.v1.RecommenderService/Recommend";
export const batchPath = "/crossfade.v1.RecommenderService/BatchRecommend";

/** Known users, the best 10 of the whole catalogue. */
export function unaryRequests({ users }: TwoTowerShape, count: number): Uint8Array[] {
  const random = new Random(11);
  return Array.from({ length: count }, () =>
    encode({ userId: userId(random.below(users)), topK: 10 }),
  );
}

export interface BatchSize {
  readonly users: number;
  readonly candidates: number;
}

/** The rows of one BatchRecommend, each as a request of its own: the best 5 of the candidates. */
export function batchRows(shape: TwoTowerShape, size: BatchSize, seed: number): Uint8Array[] {
  const random = new Random(12, seed);
  return Array.from({ length: size.users }, () =>
    encode({
      userId: userId(random.below(shape.users)),
      candidates: Array.from({ length: size.candidates }, () => itemId(random.below(shape.items))),
      topK: 5,
    }),
  );
}

export function batchRequest(rows: readonly Uint8Array[]): Uint8Array {
  const requests = rows.map((row) => RecommendRequest.decode(row));
  return BatchRecommendRequest.encode({ requests }).finish();
}

function encode(fields: Parameters<typeof RecommendRequest.fromPartial>[0]): Uint8Array {
  return RecommendRequest.encode(
    RecommendRequest.fromPartial({ model: benchModel, ...fields }),
  ).finish();
}

import type { Query } from "../../../backends/backend.ts";
import { createQueryReader } from "../../../backends/query.ts";
import type { Family } from "../../../models/family.ts";
import { Random } from "../../../models/random.ts";
import type { Tensors } from "../../../models/tensors.ts";
import type { TwoTowerShape } from "../../../models/two-tower/weights.ts";
import { RecommendRequest } from "../../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { Call } from "../../../transport/call.ts";
import { itemId, modelName, userId } from "./served-model.ts";

/** Requests of one kind, each for another user. */
export interface Workload {
  readonly name: string;
  /** Encoded. */
  readonly requests: readonly Uint8Array[];
}

const requestCount = 1_000;

export function wholeCatalogue({ users }: TwoTowerShape): Workload {
  const random = new Random(2);
  const requests = Array.from({ length: requestCount }, () =>
    encode({ userId: userId(random.below(users)) }),
  );
  return { name: "whole catalogue", requests };
}

/** What the invented playlists service asks: 75 candidates a user, the best 5. */
export function candidates({ users, items }: TwoTowerShape): Workload {
  const random = new Random(3);
  const requests = Array.from({ length: requestCount }, () =>
    encode({
      userId: userId(random.below(users)),
      candidates: Array.from({ length: 75 }, () => itemId(random.below(items))),
      topK: 5,
    }),
  );
  return { name: "75 candidates", requests };
}

/** A batch of the first requests, as the backend would make it. */
export function feedsOf({ requests }: Workload, family: Family, rows: number): Tensors {
  return family.encode(
    requests.slice(0, rows).map((request) => {
      const row = family.read(request);
      if (row instanceof ServingError) throw row;
      return row;
    }),
  );
}

const readQuery = createQueryReader();

/** Read anew each time, as a server does. */
export function queryOf({ requests }: Workload, index: number, call: Call): Query {
  return readQuery(requests[index % requests.length]!, call);
}

export function newCall(): Call {
  return { deadlineMs: Infinity, signal: new AbortController().signal, metadata: new Map() };
}

function encode(fields: Parameters<typeof RecommendRequest.fromPartial>[0]): Uint8Array {
  return RecommendRequest.encode(
    RecommendRequest.fromPartial({ model: modelName, ...fields }),
  ).finish();
}

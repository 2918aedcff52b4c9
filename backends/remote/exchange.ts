import { ServingError } from "../../proto/serving-error.ts";
import { sliceResults } from "../../proto/slice-results.ts";
import type { CallOptions, Channel } from "../../transport/transport.ts";
import type { Answer } from "../backend.ts";
import { createReply } from "../reply.ts";
import { encodeBatch, encodeOne, type Outgoing } from "./outgoing.ts";

const service = "/crossfade.v1.RecommenderService";

/** One call for all of them: Recommend for a single query, else BatchRecommend. Never rejects. */
export async function exchange(
  channel: Pick<Channel, "unary">,
  queries: readonly Outgoing[],
  call: CallOptions,
): Promise<readonly Answer[]> {
  try {
    if (queries.length === 1)
      return [
        createReply(await channel.unary(`${service}/Recommend`, encodeOne(queries[0]!), call)),
      ];
    const reply = await channel.unary(`${service}/BatchRecommend`, encodeBatch(queries), call);
    return sliceResults(reply, queries.length).map((result) =>
      result instanceof ServingError ? result : createReply(result),
    );
  } catch (error) {
    const failure = ServingError.from(error);
    return queries.map(() => failure);
  }
}

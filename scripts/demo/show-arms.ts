import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  RecommendRequest,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Channel } from "../../transport/transport.ts";
import { listenerId } from "../../loadtest/world/create-world.ts";

const path = "/crossfade.v1.RecommenderService/BatchRecommend";
const listeners = 1_000;

/** Who answered a thousand listeners of a model: by arm, version and backend. */
export async function showArms(
  channel: Channel,
  model: string,
  historyOf: (listener: number) => readonly string[] = () => [],
): Promise<void> {
  const requests = Array.from({ length: listeners }, (_, i) =>
    RecommendRequest.fromPartial({
      model,
      userId: listenerId(i),
      history: [...historyOf(i)],
      topK: 1,
    }),
  );
  const request = BatchRecommendRequest.encode({ requests }).finish();
  const { results } = BatchRecommendResponse.decode(await channel.unary(path, request));
  const counts = new Map<string, number>();
  for (const { result } of results) {
    const who = result?.$case === "response" ? answeredBy(result.value) : "refused";
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  console.log(`\n${listeners} listeners in one call, ${model}`);
  for (const [who, count] of [...counts].toSorted(([a], [b]) => b.localeCompare(a, "en"))) {
    console.log(`  ${String(count).padStart(5)}  ${who}`);
  }
}

type Response = Extract<
  NonNullable<BatchRecommendResponse["results"][number]["result"]>,
  { $case: "response" }
>["value"];

function answeredBy({ routed, served }: Response): string {
  return `${routed?.arm}, version ${served?.modelVersion}, ${served?.backend}`;
}

import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  RecommendRequest,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { codeFrom, nameOf } from "../../proto/serving-error.ts";
import type { Channel } from "../../transport/transport.ts";
import { listenerId } from "../../loadtest/world/create-world.ts";
import { patient } from "./patient.ts";

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
  const { results } = BatchRecommendResponse.decode(await channel.unary(path, request, patient()));
  const counts = new Map<string, number>();
  for (const { result } of results) {
    const who = result?.$case === "response" ? answeredBy(result.value) : refusedAs(result);
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  console.log(`\n${listeners} listeners in one call, ${model}`);
  for (const [who, count] of [...counts].toSorted(([a], [b]) => b.localeCompare(a, "en"))) {
    console.log(`  ${String(count).padStart(5)}  ${who}`);
  }
}

type Result = BatchRecommendResponse["results"][number]["result"];
type Response = Extract<NonNullable<Result>, { $case: "response" }>["value"];

function refusedAs(result: Exclude<Result, { $case: "response" }>): string {
  return `refused: ${result === undefined ? "no answer" : nameOf(codeFrom(result.value.code))}`;
}

function answeredBy({ routed, served }: Response): string {
  if (routed?.degraded === "popular")
    return `${routed.arm}, popular items instead: no server answered in time; is this machine busy?`;
  return `${routed?.arm}, version ${served?.modelVersion}, ${served?.backend}`;
}

import {
  RecommendRequest,
  RecommendResponse,
} from "../../../proto/gen/crossfade/v1/recommender.ts";
import { openChannel } from "../../../transport/open.ts";

export interface Wanted {
  readonly model: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

const lookMs = 50;
const mostMs = 30_000;
const path = "/crossfade.v1.RecommenderService/Recommend";

/** Until callers who ask for no version get this one. */
export async function waitForVersion(
  address: string,
  { model, version, signal }: Wanted,
): Promise<void> {
  const channel = openChannel(address);
  const request = RecommendRequest.encode(
    RecommendRequest.fromPartial({ model, userId: "u1", topK: 1 }),
  ).finish();
  const untilMs = performance.now() + mostMs;
  try {
    for (;;) {
      const deadlineMs = performance.now() + mostMs;
      const reply = await channel.unary(path, request, { deadlineMs, signal });
      const found = RecommendResponse.decode(reply).served?.modelVersion;
      if (found === version) return;
      if (performance.now() > untilMs) throw new Error(`version ${found} still answers`);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  } finally {
    channel.close();
  }
}

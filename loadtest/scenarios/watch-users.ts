import { setTimeout } from "node:timers/promises";
import {
  BatchRecommendRequest,
  BatchRecommendResponse,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Channel } from "../../transport/transport.ts";
import type { Sighting } from "./scenario.ts";

export interface UserWatch {
  /** No more is asked. */
  stop(): Promise<readonly Sighting[]>;
}

export interface UserWatchOptions {
  readonly model: string;
  readonly users: number;
  /** The clock of the sightings. */
  readonly nowMs: () => number;
}

const everyMs = 100;
const patienceMs = 5_000;
const path = "/crossfade.v1.RecommenderService/BatchRecommend";

/** Asks for the same users again and again, and notes who gets which arm. */
export function watchUsers(channel: Channel, options: UserWatchOptions): UserWatch {
  const { model, users, nowMs } = options;
  const request = BatchRecommendRequest.encode(
    BatchRecommendRequest.fromPartial({
      requests: Array.from({ length: users }, (_, i) => ({
        model,
        userId: `watched-${i}`,
        topK: 1,
      })),
    }),
  ).finish();
  const sightings: Sighting[] = [];
  const stopped = new AbortController();

  async function look(): Promise<void> {
    const askedMs = nowMs();
    const deadlineMs = performance.now() + patienceMs;
    const reply = await channel.unary(path, request, { deadlineMs });
    const { results } = BatchRecommendResponse.decode(reply);
    const arms = results.map(({ result }) =>
      result?.$case === "response" ? (result.value.routed?.arm ?? "") : "",
    );
    sightings.push({ askedMs, answeredMs: nowMs(), arms });
  }

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      // One that is not answered says nothing of arms; the load shows failures.
      await look().catch(() => {});
      await setTimeout(everyMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }

  const watching = watch();
  return {
    async stop() {
      stopped.abort();
      await watching;
      return sightings;
    },
  };
}

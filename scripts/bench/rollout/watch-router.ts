import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import {
  RecommendRequest,
  RecommendResponse,
} from "../../../proto/gen/crossfade/v1/recommender.ts";
import { openChannel } from "../../../transport/open.ts";
import type { Channel } from "../../../transport/transport.ts";

/** A change, by a user whom it moved to the canary. */
export interface Moved {
  readonly user: string;
  /** On the clock of `performance.now()`, when a call of this router's was first answered by it; one for each router. */
  readonly seenMs: number[];
}

/** Asks a router for users who moved until it answers them by the canary. */
export interface RouterWatch {
  /** Changes come in their order. */
  await(moved: Moved): void;
  /** Resolves when all that it awaits was seen. */
  done(): Promise<void>;
  close(): void;
}

/** Between calls to a router that is not there yet: times are seen that much too late. */
export const restMs = 4;

const path = "/crossfade.v1.RecommenderService/Recommend";

export function watchRouter(address: string, model: string): RouterWatch {
  const channel = openChannel(address);
  const pending: Moved[] = [];
  const events = new EventTarget();
  const stopping = new AbortController();
  const { signal } = stopping;
  const tell = (name: string) => events.dispatchEvent(new Event(name));

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      const [first] = pending;
      if (first === undefined) {
        tell("idle");
        await once(events, "moved", { signal });
      } else if ((await armOf(channel, model, first.user)) === "canary") {
        first.seenMs.push(performance.now());
        pending.shift();
      } else {
        await delay(restMs, undefined, { signal });
      }
    }
  }

  const watching = watch().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    await(moved) {
      pending.push(moved);
      tell("moved");
    },
    async done() {
      while (pending.length > 0) await Promise.race([once(events, "idle"), watching]);
    },
    close() {
      stopping.abort();
      channel.close();
    },
  };
}

async function armOf(channel: Channel, model: string, userId: string): Promise<string> {
  const request = RecommendRequest.fromPartial({ model, userId, topK: 1 });
  const deadlineMs = performance.now() + 5_000;
  const reply = await channel.unary(path, RecommendRequest.encode(request).finish(), {
    deadlineMs,
  });
  return RecommendResponse.decode(reply).routed!.arm;
}

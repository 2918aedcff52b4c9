import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError, nameOf } from "../../proto/serving-error.ts";
import { openChannel } from "../../transport/open.ts";
import type { Channel } from "../../transport/transport.ts";
import type { CallRecord } from "./call-record.ts";
import { monotonicMs } from "./monotonic-ms.ts";

/** From the parent: calls that leave at times of their own, whether or not those before are answered. */
export interface CallerOrder {
  readonly address: string;
  readonly model: string;
  /** Asked for in turn. */
  readonly userIds: readonly string[];
  readonly perSecond: number;
  readonly forMs: number;
  readonly deadlineMs: number;
  readonly connections: number;
}

/** To the parent, when all calls have ended. */
export type CallerReport = readonly CallRecord[];

const path = "/crossfade.v1.RecommenderService/Recommend";
const failedReply = { degraded: "", arm: "", reason: 0 };

prefer();
process.on("message", (order: CallerOrder) => void obey(order));
process.once("disconnect", () => process.exit());

/** What keeps a generator from its schedule is not what is measured. Where this is not allowed, its lag tells. */
function prefer(): void {
  try {
    setPriority(-15);
  } catch {
    // Then it takes its turn like everybody else.
  }
}

async function obey(order: CallerOrder): Promise<void> {
  const { address, perSecond, forMs } = order;
  const channels = Array.from({ length: order.connections }, () => openChannel(address));
  const calls: Promise<CallRecord>[] = [];
  const startedMs = monotonicMs();
  for (let number = 0; number < (perSecond * forMs) / 1_000; number++) {
    const dueMs = startedMs + (1_000 * number) / perSecond;
    const waitMs = dueMs - monotonicMs();
    if (waitMs > 1) await sleep(waitMs);
    const userId = order.userIds[number % order.userIds.length]!;
    calls.push(call(channels[number % channels.length]!, { order, userId, dueMs }));
  }
  process.send!((await Promise.all(calls)) satisfies CallerReport);
  for (const channel of channels) channel.close();
}

interface Call {
  readonly order: CallerOrder;
  readonly userId: string;
  readonly dueMs: number;
}

async function call(channel: Channel, { order, userId, dueMs }: Call): Promise<CallRecord> {
  const { model, deadlineMs } = order;
  const fields = RecommendRequest.fromPartial({ model, userId, topK: 10 });
  const request = RecommendRequest.encode(fields).finish();
  const sentMs = monotonicMs();
  const sent = { dueMs, sentMs, userId };
  try {
    const limits = { deadlineMs: performance.now() + deadlineMs };
    const reply = await channel.unary(path, request, limits);
    return { ...sent, endedMs: monotonicMs(), code: "OK", message: "", ...tellsOf(reply) };
  } catch (thrown) {
    const { code, message } = ServingError.from(thrown);
    return { ...sent, endedMs: monotonicMs(), code: nameOf(code), message, ...failedReply };
  }
}

function tellsOf(reply: Uint8Array): Pick<CallRecord, "degraded" | "arm" | "reason"> {
  const { served, routed } = RecommendResponse.decode(reply);
  const degraded = served?.degraded || routed?.degraded || "";
  return { degraded, arm: routed?.arm ?? "", reason: routed?.reason ?? 0 };
}

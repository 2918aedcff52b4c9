import { setTimeout as sleep } from "node:timers/promises";
import { RecordFeedbackRequest } from "../../../proto/gen/crossfade/v1/recommender.ts";
import { Code, nameOf, ServingError } from "../../../proto/serving-error.ts";
import { openChannel } from "../../../transport/open.ts";
import type { Channel } from "../../../transport/transport.ts";

export interface SendOptions {
  readonly address: string;
  readonly events: number;
  readonly perSecond: number;
}

export interface Sent {
  /** From 0 up; those whose call was answered with success. */
  readonly acknowledged: ReadonlySet<number>;
  /** From the time it was due to its acknowledgement, of those that were taken at once. */
  readonly ackMs: readonly number[];
  /** How many attempts failed, by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** How late attempts left that were the first of their events. */
  readonly lagMs: readonly number[];
}

const path = "/crossfade.v1.RecommenderService/RecordFeedback";
const connections = 4;
const deadlineMs = 5_000;
const patienceMs = 60_000;
/** What a caller should come back from, with the same event id. */
const passing = new Set<Code>([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED]);

/** Longer each time, up to two seconds, and never all at once. */
function backoffMs(attempt: number): number {
  return Math.min(2_000, 250 * 2 ** attempt) * (0.5 + Math.random());
}

export const eventId = (number: number) => `event-${number}`;

/** Each event leaves at a time of its own, and is sent again until it is acknowledged: as a careful client does it. */
export async function sendEvents({ address, events, perSecond }: SendOptions): Promise<Sent> {
  const channels = Array.from({ length: connections }, () => openChannel(address));
  const acknowledged = new Set<number>();
  const ackMs: number[] = [];
  const lagMs: number[] = [];
  const failures: Record<string, number> = {};
  const startedMs = performance.now();

  async function deliver(number: number, dueMs: number): Promise<void> {
    const channel = channels[number % connections]!;
    for (let attempt = 0; performance.now() < dueMs + patienceMs; attempt++) {
      const failure = await attemptOne(channel, number);
      if (failure === undefined) {
        acknowledged.add(number);
        if (attempt === 0) ackMs.push(performance.now() - dueMs);
        return;
      }
      const name = nameOf(failure.code);
      failures[name] = (failures[name] ?? 0) + 1;
      if (!passing.has(failure.code)) throw failure;
      await sleep(backoffMs(attempt));
    }
  }

  const delivered: Promise<void>[] = [];
  for (let number = 0; number < events; number++) {
    const dueMs = startedMs + (1_000 * number) / perSecond;
    if (dueMs - performance.now() > 1) await sleep(dueMs - performance.now());
    lagMs.push(performance.now() - dueMs);
    delivered.push(deliver(number, dueMs));
  }
  await Promise.all(delivered);
  for (const channel of channels) channel.close();
  return { acknowledged, ackMs, failures, lagMs };
}

async function attemptOne(channel: Channel, number: number): Promise<ServingError | undefined> {
  const request = RecordFeedbackRequest.fromPartial({
    eventId: eventId(number),
    recommendationId: `3v0c1q9k2m7ra${number.toString(32).padStart(6, "0")}`,
    userId: `u${number % 3_000}`,
    liked: `p${number % 997}`,
    others: [1, 2, 3, 4].map((i) => `p${997 + ((number * i) % 991)}`),
  });
  const bytes = RecordFeedbackRequest.encode(request).finish();
  try {
    await channel.unary(path, bytes, { deadlineMs: performance.now() + deadlineMs });
    return undefined;
  } catch (error) {
    return ServingError.from(error);
  }
}

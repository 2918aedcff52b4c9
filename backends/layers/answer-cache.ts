import { isDegraded } from "../../proto/reply-reader.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Answer, Layer, Query, Reply } from "../backend.ts";
import { type Clock, systemClock } from "../clock.ts";
import { createReply } from "../reply.ts";
import { createAnswerStore } from "./answer-store.ts";
import { type CacheMeter, silentCacheMeter } from "./cache-meter.ts";
import { requestKey } from "./request-key.ts";
import { createCachingBackend } from "./caching-backend.ts";
import { withoutAsking } from "./flights.ts";

export interface AnswerCacheOptions {
  /**
   * How long an answer may be given again; 0: never. A version of "" is whatever the servers then hold, so that an answer
   * would outlive a swap: give it 0 unless that is wanted.
   */
  readonly ttlMs: (model: string, version: string) => number;
  /** `peekStale` gives nothing older. Default 10 minutes. */
  readonly maxStaleMs?: number;
  /** Of all that is kept. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly meter?: CacheMeter;
  readonly clock?: Clock;
}

/**
 * Answers by the bytes of the request. Failures and degraded answers are not kept. Of equal queries that arrive together one is
 * asked; the others wait for it, each by its own deadline, and are asked themselves when it fails.
 */
export interface AnswerCache {
  readonly layer: Layer;
  /** What was last answered, though its time may be over. */
  peekStale(query: Query): Reply | undefined;
  /** About as many are in use. */
  bytes(): number;
}

const defaultMaxBytes = 64 * 1024 * 1024;
const defaultMaxStaleMs = 10 * 60_000;

export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  const { ttlMs, clock = systemClock, meter = silentCacheMeter } = options;
  const { maxBytes = defaultMaxBytes, maxStaleMs = defaultMaxStaleMs } = options;
  const store = createAnswerStore({ maxBytes, now: () => clock.now() });
  const ttlOf = ({ model, version }: Query) => ttlMs(model, version);
  const cached = (key: string | undefined, maxAgeMs: number) => {
    const bytes = key === undefined ? undefined : store.get(key, maxAgeMs);
    return bytes && withoutAsking(createReply(bytes));
  };

  return {
    layer: (inner) =>
      createCachingBackend(inner, {
        clock,
        meter,
        keyOf: (query) => (ttlOf(query) > 0 ? requestKey(query) : undefined),
        known: (key, query) => cached(key, ttlOf(query)),
        learnt(key, answer) {
          if (isWorthKeeping(answer)) store.put(key, answer.bytes);
        },
      }),
    peekStale: (query) => cached(requestKey(query), maxStaleMs),
    bytes: () => store.bytes(),
  };
}

function isWorthKeeping(answer: Answer): answer is Reply {
  if (answer instanceof ServingError || (answer.degraded ?? "") !== "") return false;
  try {
    return !isDegraded(answer.bytes);
  } catch {
    return false;
  }
}

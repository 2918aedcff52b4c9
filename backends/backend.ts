import type { RecommendRequest, Served } from "../proto/gen/crossfade/v1/recommender.ts";
import type { ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";

/** One user's request: a unary call is one, a BatchRecommend is many. */
export interface Query {
  readonly model: string;
  /** "" until the caller names it or an arm pins it. */
  readonly version: string;
  /** The version that `bytes` name. It differs from `version` when an arm has pinned that since. */
  readonly sentVersion: string;
  /** Peeked; empty = anonymous. */
  readonly user: Uint8Array;
  /** Peeked, and checked by nobody; 10 when the request does not say. */
  readonly topK: number;
  /** As received: forwarded, never changed. */
  readonly bytes: Uint8Array;
  readonly call: Call;
  /** Decoded on first use, kept; throws INVALID_ARGUMENT. */
  request(): RecommendRequest;
}

export interface Reply {
  /** An encoded RecommendResponse. */
  readonly bytes: Uint8Array;
  /** How many backends were asked for it; 1 when absent, 0 when it comes from a cache. */
  readonly attempts?: number;
  /** Why something less than the first choice answered, where the reply itself cannot say it; for `Routed.degraded`. */
  readonly degraded?: string;
  served(): Served;
}

/** A failure is a value: one bad user fails alone. */
export type Answer = Reply | ServingError;

/** Anything that can answer. Holding one means that it is loaded and warm. */
export interface Backend {
  readonly name: string;
  /** Answers in the order of the queries. Never rejects; settled by each query's deadline. */
  answer(queries: readonly Query[]): Promise<readonly Answer[]>;
  /** Cheap and synchronous. */
  isReady(model: string, version: string): boolean;
  /**
   * Predicted wait + run of `rows` more rows; `Infinity` for a model or version that it does not hold. Grows while a run
   * overstays. Picking, shedding and the ladder read it.
   */
  costMs(model: string, version: string, rows: number): number;
  /** Idempotent; resolves after the queries in flight have settled. */
  close(): Promise<void>;
}

/**
 * Cross-cutting behaviour: limits, caches, metrics wrap a backend and are one.
 * @public
 */
export type Layer = (inner: Backend) => Backend;

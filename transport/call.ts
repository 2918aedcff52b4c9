import type { Peer } from "./peer.ts";

/**
 * Lower-case keys. Repeated values are joined with ", " and "-bin" values stay base64, both as HTTP/2 allows,
 * so that unknown metadata can be passed on as it came.
 */
export type Metadata = ReadonlyMap<string, string>;

/** What one RPC brings besides its bytes; shared by all of its queries. */
export interface Call {
  /** On the clock of `performance.now()`. `Infinity` when the caller set none. */
  readonly deadlineMs: number;
  /**
   * Aborts when nobody waits for the answer any more: the caller cancelled or went away, or the deadline passed.
   * Its reason is the ServingError that says which. Never aborts after the answer was sent.
   */
  readonly signal: AbortSignal;
  readonly metadata: Metadata;
}

/** As the handler of a server gets it. */
export interface ServerCall extends Call {
  readonly peer: Peer;
}

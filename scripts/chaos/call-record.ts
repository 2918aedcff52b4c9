/** One call, as its caller saw it. Times are of the clock of `monotonicMs`. */
export interface CallRecord {
  /** When it should have left. */
  readonly dueMs: number;
  readonly sentMs: number;
  readonly endedMs: number;
  readonly userId: string;
  /** "OK" or the name of another status. */
  readonly code: string;
  /** Of a failure. */
  readonly message: string;
  /** What the reply says of itself; empty for a failure. */
  readonly degraded: string;
  readonly arm: string;
  readonly reason: number;
}

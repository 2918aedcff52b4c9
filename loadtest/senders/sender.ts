import type { ServingError } from "../../proto/serving-error.ts";

/** One connection to a target, with calls in flight on several streams. Made once, and told to send as often as needed. */
export interface Sender {
  /** Resolves when the target has answered on it; rejects with a ServingError that says why it does not. */
  connect(): Promise<void>;
  /**
   * `Ended` hears of the call once, and never before this returns.
   * @param deadlineMs On the clock of `performance.now()`; by then the call has ended.
   */
  send(stream: number, request: Uint8Array, deadlineMs: number): void;
  /** Ends the stream's call with CANCELLED, unless it has ended. */
  cancel(stream: number): void;
  /** Nothing is heard of calls in flight. */
  close(): void;
}

export interface Ended {
  /** @param reply Its bytes may change afterwards. */
  answered(stream: number, reply: Uint8Array): void;
  failed(stream: number, error: ServingError): void;
}

export type OpenSender = (target: string, ended: Ended) => Sender;

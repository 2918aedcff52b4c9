import { ServingError } from "../../proto/serving-error.ts";
import { backoffMs } from "./backoff.ts";
import { lost } from "./failures.ts";
import type { Connect } from "./open-socket.ts";
import type { CallHolder, OutgoingCall } from "./outgoing-call.ts";
import { Session, type SessionOptions, type SessionOwner } from "./session.ts";
import { TimerWheel } from "./timer-wheel.ts";

/**
 * Calls to one address: they go to the connection at once, or wait until there is one, or a place on it. While there is
 * none to be had they fail, and it is tried again in the background.
 */
export class CallQueue implements SessionOwner, CallHolder {
  readonly #address: string;
  readonly #connect: Connect;
  readonly #options: SessionOptions;
  readonly #wheel = new TimerWheel();
  readonly #waiting = new Set<OutgoingCall>();
  #keepaliveMs: number;
  #session: Session | undefined;
  /** Why there is no connection; cleared by the first that is. */
  #failure: ServingError | undefined;
  /** In a row. */
  #fruitless = 0;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(address: string, connect: Connect, options: SessionOptions) {
    this.#address = address;
    this.#connect = connect;
    this.#options = options;
    this.#keepaliveMs = options.keepaliveMs;
  }

  /** The call's listener hears how it ended, later. */
  start(call: OutgoingCall): void {
    const refusal = this.#refusal(call);
    // Not in this turn: a caller that tries again at once would never let it end.
    if (refusal) return void setImmediate(() => call.settle(refusal));
    this.#wheel.set(call, call.deadlineMs);
    if (this.#waiting.size === 0 && this.#session?.hasPlace()) this.#session.begin(call);
    else this.#wait(call);
  }

  /** Calls that were started finish. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    if (this.#waiting.size === 0) this.#session?.leave();
  }

  opened(): void {
    this.#failure = undefined;
    this.hasRoom();
  }

  hasRoom(): void {
    for (const call of this.#waiting) {
      if (!this.#session?.hasPlace()) return;
      this.#waiting.delete(call);
      this.#session.begin(call);
    }
    this.#stoppedWaiting();
  }

  isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  left(error: ServingError | undefined): void {
    const { hasAnswered, wasToldToPingLess } = this.#session!;
    this.#session = undefined;
    if (wasToldToPingLess) this.#keepaliveMs *= 2;
    this.#fruitless = hasAnswered ? 0 : this.#fruitless + 1;
    if (hasAnswered || error === undefined) return this.#reconnect();
    this.#failure = error;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#retryLater();
    for (const call of waiting) call.settle(error);
  }

  returned(call: OutgoingCall): void {
    if (this.#failure) return call.settle(this.#failure);
    this.#wait(call);
  }

  abandon(call: OutgoingCall): void {
    this.#waiting.delete(call);
    this.#stoppedWaiting();
  }

  /** What waits has not begun to send, or to receive. */
  continue(): void {}
  wantMore(): void {}

  #refusal({ deadlineMs, headers: { path } }: OutgoingCall): ServingError | undefined {
    if (this.#isClosed)
      return new ServingError("UNAVAILABLE", `the channel to ${this.#address} is closed`);
    if (deadlineMs <= performance.now())
      return new ServingError(
        "DEADLINE_EXCEEDED",
        `the deadline of ${path} had passed before it started`,
      );
    return this.#failure && lost(this.#failure.message);
  }

  #wait(call: OutgoingCall): void {
    call.holder = this;
    this.#waiting.add(call);
    if (this.#session === undefined && this.#retry === undefined) this.#open();
    else this.#session?.keepAlive(true);
  }

  #stoppedWaiting(): void {
    if (this.#waiting.size > 0) return;
    if (this.#isClosed) this.#session?.leave();
    else this.#session?.keepAlive(false);
  }

  #open(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#session = new Session(
      this.#connect,
      { ...this.#options, keepaliveMs: this.#keepaliveMs },
      this,
    );
    this.#session.keepAlive(this.#waiting.size > 0);
  }

  /** The last connection ended without a fault of anybody's. */
  #reconnect(): void {
    if (this.#waiting.size === 0) return;
    // One that ends before it has answered anything may be followed by more of them.
    if (this.#fruitless <= 1) this.#open();
    else this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isClosed && this.#waiting.size === 0) return;
    this.#retry = setTimeout(() => this.#open(), backoffMs(this.#fruitless));
    if (this.#waiting.size === 0) this.#retry.unref();
  }
}

import { ConnectionError } from "./connection-error.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import type { Sender } from "./sender.ts";

/** For each stream: what its caller has not taken never is more, but for a message that is still arriving. */
export const streamWindow = 256 * 1_024;
/** For all together. */
export const connectionWindow = 4 * 1_024 * 1_024;

/** What the peer may send. It is allowed more when half has been used, so that it seldom has to wait. */
export class ReceiveWindow {
  readonly #sender: Sender;
  #left = connectionWindow;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** DATA has come, for whichever stream. Throws a ConnectionError. */
  used(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw exceeded("all streams together");
    if (this.#left > connectionWindow / 2) return;
    this.#sender.grantWindow(0, connectionWindow - this.#left);
    this.#left = connectionWindow;
  }

  /** DATA has come for this call. Throws a ConnectionError. */
  usedBy(call: OutgoingCall, bytes: number): void {
    call.receiveWindow -= bytes;
    if (call.receiveWindow < 0) throw exceeded(`stream ${call.streamId}`);
  }

  /** Whatever the caller has taken may be sent again. */
  renew(call: OutgoingCall): void {
    const growth = streamWindow - call.untakenBytes - call.receiveWindow;
    if (growth < streamWindow / 2) return;
    call.receiveWindow += growth;
    this.#sender.grantWindow(call.streamId, growth);
  }
}

function exceeded(what: string): ConnectionError {
  return new ConnectionError(
    "FLOW_CONTROL_ERROR",
    `the peer sent more than it was allowed for ${what}`,
  );
}

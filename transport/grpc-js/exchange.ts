import { constants, type ServerHttp2Stream } from "node:http2";
import {
  Metadata as GrpcMetadata,
  status,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { Code, codeFrom, ServingError } from "../../proto/serving-error.ts";
import type { Budget } from "../budget.ts";
import { peerOf, type Peer } from "../peer.ts";
import type { ServerLimits } from "../server-limits.ts";
import type { Method } from "../transport.ts";
import { acceptedEncoding } from "./refuse-stream.ts";
import { toStatus } from "./status.ts";

export interface Terms {
  readonly limits: Pick<ServerLimits, "maxReplyBytes" | "maxReceiveMs" | "maxSendMs">;
  readonly budget: Budget;
}

const ok = { code: status.OK, details: "" };
const replyHeaders = new GrpcMetadata();
for (const [key, value] of Object.entries(acceptedEncoding)) replyHeaders.set(key, value);

/** One call on its stream: what it holds of the server, for how long it may, and how it ended. */
export class Exchange {
  readonly method: Method;
  readonly #stream: ServerHttp2Stream;
  readonly #terms: Terms;
  readonly #ended: (code: Code) => void;
  #call: ServerInterceptingCallInterface | undefined;
  #dueMs: number;
  #heldBytes = 0;
  #hasAll = false;
  #hasReplied = false;
  #isSettled = false;

  /** @param ended Told once, of the status that the caller got. */
  constructor(
    [stream, method]: readonly [ServerHttp2Stream, Method],
    terms: Terms,
    ended: (code: Code) => void,
  ) {
    this.#stream = stream;
    this.method = method;
    this.#terms = terms;
    this.#ended = ended;
    this.#dueMs = performance.now() + terms.limits.maxReceiveMs;
    stream.once("close", () => this.#leave());
  }

  get peer(): Peer {
    return peerOf(this.#stream.session?.socket);
  }

  /** Statuses that grpc-js sends by itself are heard of too. */
  attach(call: ServerInterceptingCallInterface): void {
    this.#call = call;
    const send = call.sendStatus.bind(call);
    call.sendStatus = (status) => {
      const isFirst = !this.#isSettled;
      this.#settle(codeFrom(status.code));
      send(status);
      if (isFirst && !this.#hasAll) this.#hangUp();
    };
  }

  /** Nobody is there any more, whether or not grpc-js has noticed. */
  isGone(): boolean {
    return this.#stream.closed || this.#stream.destroyed;
  }

  received(bytes: number): void {
    if (this.#isSettled) return;
    const refusal = this.#terms.budget.take(bytes);
    if (refusal) this.fail(refusal);
    else this.#heldBytes += bytes;
  }

  /** One request of a stream has been handed over; the next may come at any time. */
  handedOver(): void {
    this.#give();
    this.#dueMs = Infinity;
  }

  /** All of the request is there. */
  completed(): void {
    this.#hasAll = true;
    this.#dueMs = Infinity;
  }

  /** The only reply. Throws, and sends nothing, when it may not be sent. */
  reply(message: Uint8Array): void {
    this.#send(message, () => {});
    this.end();
  }

  /** Resolves when the caller has taken it; rejects when it may not be sent. */
  async write(message: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.#send(message, resolve));
    this.handedOver();
  }

  end(): void {
    this.#call?.sendStatus(ok);
  }

  fail(error: ServingError): void {
    this.#call?.sendStatus(toStatus(error));
  }

  /** Ends what takes the caller too long. */
  endIfLate(nowMs: number): void {
    if (nowMs < this.#dueMs) return;
    if (this.#hasReplied || this.#isSettled) this.#cut();
    else
      this.fail(
        new ServingError(
          "DEADLINE_EXCEEDED",
          `the request had not arrived ${this.#terms.limits.maxReceiveMs} ms after its headers`,
        ),
      );
  }

  #send(message: Uint8Array, left: () => void): void {
    const { maxReplyBytes, maxSendMs } = this.#terms.limits;
    if (message.length > maxReplyBytes)
      throw new ServingError(
        "RESOURCE_EXHAUSTED",
        `the reply has ${message.length} bytes, and this server sends at most ${maxReplyBytes}; ask for fewer items at once`,
      );
    const refusal = this.#terms.budget.take(message.length);
    if (refusal) throw refusal;
    this.#heldBytes += message.length;
    this.#hasReplied = true;
    this.#dueMs = performance.now() + maxSendMs;
    this.#call?.sendMetadata(replyHeaders);
    this.#call?.sendMessage(message, left);
  }

  #settle(code: Code): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#dueMs = performance.now() + this.#terms.limits.maxSendMs;
    this.#ended(this.isGone() ? this.#codeOfLeaving() : code);
  }

  /** The caller has its status and may be sending still: it need not, and the stream does not wait for it. */
  #hangUp(): void {
    // What follows a reply is sent later, and to close the stream before would lose it.
    if (!this.#hasReplied && !this.isGone()) this.#stream.close(constants.NGHTTP2_NO_ERROR);
  }

  #cut(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL);
    this.#stream.destroy();
  }

  #leave(): void {
    this.#settle(this.#codeOfLeaving());
    this.#terms.budget.leave(this.method.kind);
    this.#give();
  }

  #give(): void {
    this.#terms.budget.give(this.#heldBytes);
    this.#heldBytes = 0;
  }

  #codeOfLeaving(): Code {
    const deadline = Number(this.#call?.getDeadline() ?? Infinity);
    return deadline <= Date.now() ? Code.DEADLINE_EXCEEDED : Code.CANCELLED;
  }
}

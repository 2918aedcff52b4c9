import { ServingError } from "../../proto/serving-error.ts";
import type { Field } from "./hpack/encoder.ts";
import { isOneMessage, MessageReader, type MessageSink } from "./message-reader.ts";
import { messageHeadBytes, type RequestBody } from "./request-body.ts";
import type { RequestHeaders } from "./request-headers.ts";
import { Alarm } from "./timer-wheel.ts";

/** What a caller hears of its call, never before the function that started it has returned. Must not throw. */
export interface ReplyListener {
  /** The bytes are a view: good until this returns. */
  message(bytes: Buffer): void;
  /** Once, at last: how the call ended; undefined is OK. */
  ended(error: ServingError | undefined): void;
}

export interface CallParts {
  readonly headers: RequestHeaders;
  /** Besides those that many calls share. */
  readonly metadata: readonly Field[] | undefined;
  readonly body: RequestBody;
  readonly listener: ReplyListener;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly maxMessageBytes: number;
  /** A unary call: any other number of replies than one is a failure. */
  readonly isUnary: boolean;
}

/** Whoever has the call: the session that its stream is on, or the channel where it waits. */
export interface CallHolder {
  /** Lets go of it; tells the server, if that knows of it. */
  abandon(call: OutgoingCall): void;
  /** There is more of its body. */
  continue(call: OutgoingCall): void;
  /** The caller has taken messages, so that the server may send more. */
  wantMore(call: OutgoingCall): void;
}

/** One call, from its start until its listener has heard how it ended. */
export class OutgoingCall extends Alarm implements MessageSink {
  readonly headers: RequestHeaders;
  readonly metadata: readonly Field[] | undefined;
  readonly body: RequestBody;
  readonly deadlineMs: number;
  readonly isUnary: boolean;
  readonly #listener: ReplyListener;
  readonly #maxMessageBytes: number;
  #reader: MessageReader | undefined = undefined;
  #messages = 0;
  isSettled = false;

  /** These belong to whoever holds the call. */
  holder: CallHolder | undefined = undefined;
  streamId = 0;
  sendWindow = 0;
  receiveWindow = 0;
  /** Both headers and the end of the request have been written. */
  isSent = false;
  hasReplyHeaders = false;
  wasRefused = false;
  /** Of messages that the caller has not taken yet. */
  untakenBytes = 0;
  /** A message has left, or none will any more; set by whoever has another. */
  messageLeft: (() => void) | undefined = undefined;

  constructor(parts: CallParts) {
    super();
    this.headers = parts.headers;
    this.metadata = parts.metadata;
    this.body = parts.body;
    this.deadlineMs = parts.deadlineMs;
    this.isUnary = parts.isUnary;
    this.#listener = parts.listener;
    this.#maxMessageBytes = parts.maxMessageBytes;
  }

  /** @returns Why the call cannot go on. */
  receive(bytes: Buffer, start: number, end: number): ServingError | undefined {
    if (this.#reader === undefined) {
      if (
        isOneMessage(bytes, start, end) &&
        end - start - messageHeadBytes <= this.#maxMessageBytes
      ) {
        this.message(bytes.subarray(start + messageHeadBytes, end));
        return this.#tooMany();
      }
      this.#reader = new MessageReader(this.#maxMessageBytes);
    }
    return this.#reader.feed(bytes, [start, end], this) ?? this.#tooMany();
  }

  message(bytes: Buffer): void {
    this.#messages++;
    if (this.isSettled || (this.isUnary && this.#messages > 1)) return;
    try {
      this.#listener.message(bytes);
    } catch (error) {
      throwLater(error);
    }
  }

  /** The server says that it is done. */
  complete(error: ServingError | undefined): void {
    this.settle(error ?? this.#incomplete());
  }

  /** The first time counts. */
  settle(error: ServingError | undefined): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.unlink();
    this.holder = undefined;
    this.messageLeft?.();
    try {
      this.#listener.ended(error);
    } catch (thrown) {
      throwLater(thrown);
    }
  }

  cancel(error = new ServingError("CANCELLED", "the caller cancelled")): void {
    if (this.isSettled) return;
    this.holder?.abandon(this);
    this.settle(error);
  }

  override ring(): void {
    this.cancel(
      new ServingError(
        "DEADLINE_EXCEEDED",
        `${this.headers.path} was not answered by its deadline`,
      ),
    );
  }

  #tooMany(): ServingError | undefined {
    if (!this.isUnary || this.#messages <= 1) return undefined;
    return new ServingError(
      "UNIMPLEMENTED",
      `${this.headers.path} sent a second reply to a unary call`,
    );
  }

  #incomplete(): ServingError | undefined {
    if (this.#reader && !this.#reader.isBetween)
      return new ServingError("INTERNAL", "the server ended the call in the middle of a message");
    if (!this.isUnary || this.#messages === 1) return undefined;
    return new ServingError("UNIMPLEMENTED", `${this.headers.path} sent no reply to a unary call`);
  }
}

/** Who listens is not to stop the connection that others use too. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

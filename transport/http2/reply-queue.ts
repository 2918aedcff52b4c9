import type { ServingError } from "../../proto/serving-error.ts";
import type { OutgoingCall, ReplyListener } from "./outgoing-call.ts";
import { messageHeadBytes } from "./request-body.ts";

/** The replies of a stream, until its caller takes them: the server is not allowed to send many more than were taken. */
export class ReplyQueue implements ReplyListener {
  /** Whose replies these are. */
  call: OutgoingCall | undefined;
  #messages: Buffer[] = [];
  #end: { readonly error: Error | undefined } | undefined;
  #wake: () => void = () => {};

  message(bytes: Buffer): void {
    this.#messages.push(Buffer.from(bytes));
    this.call!.untakenBytes += messageHeadBytes + bytes.length;
    this.#wake();
  }

  ended(error: ServingError | undefined): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Our own side failed: what has come is of no use any more. */
  fail(error: Error): void {
    this.#messages = [];
    this.#end ??= { error };
    this.#wake();
  }

  async *messages(): AsyncGenerator<Buffer, void> {
    for (;;) {
      for (let message = this.#messages.shift(); message; message = this.#messages.shift()) {
        yield message;
        this.#taken(message);
      }
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #taken({ length }: Buffer): void {
    const call = this.call!;
    call.untakenBytes -= messageHeadBytes + length;
    call.holder?.wantMore(call);
  }
}

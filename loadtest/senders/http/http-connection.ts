import type { Socket } from "node:net";
import { ServingError } from "../../../proto/serving-error.ts";
import type { Dialer } from "./dialer.ts";
import { createResponseReader, type HttpResponse, type ResponseReader } from "./response-reader.ts";

/** What becomes of a call. */
export interface HttpEnded {
  answered(response: HttpResponse): void;
  failed(error: ServingError): void;
}

interface Line {
  readonly socket: Socket;
  readonly reader: ResponseReader;
  isConnected: boolean;
  problem: string | undefined;
}

/** One call at a time on a connection that is kept from call to call, and opened anew when it was lost. */
export class HttpConnection {
  readonly #dialer: Dialer;
  readonly #ended: HttpEnded;
  #line: Line | undefined;
  #deadlineMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(dialer: Dialer, ended: HttpEnded) {
    this.#dialer = dialer;
    this.#ended = ended;
  }

  /** Rejects with a ServingError. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const line = (this.#line ??= this.#dial(resolve));
      line.socket.once("close", () => reject(this.#lossOf(line)));
    });
  }

  /** @param deadlineMs On the clock of `performance.now()`; never before that of an earlier call. */
  call(request: Buffer, deadlineMs: number): void {
    this.#deadlineMs = deadlineMs;
    this.#watch();
    // What is written before it is connected leaves when it is.
    this.#line ??= this.#dial(() => {});
    this.#line.socket.write(request);
  }

  /** HTTP/1.1 can take nothing back: the connection goes with the call. */
  cancel(): void {
    if (this.#deadlineMs !== undefined)
      this.#fail(new ServingError("CANCELLED", "the caller cancelled"));
  }

  /** Nothing is heard of a call that is under way. */
  close(): void {
    this.#deadlineMs = undefined;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #dial(onConnect: () => void): Line {
    const socket = this.#dialer.dial(() => {
      line.isConnected = true;
      onConnect();
    });
    const reader = createResponseReader();
    const line: Line = { socket, reader, isConnected: false, problem: undefined };
    socket.on("data", (bytes: Buffer) => this.#received(line, bytes));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      line.problem ??= error.message || error.code;
    });
    // Nothing more comes: what we could still send would not be answered.
    socket.once("end", () => socket.destroy());
    socket.once("close", () => this.#lost(line));
    return line;
  }

  #received(line: Line, bytes: Buffer): void {
    if (line !== this.#line) return;
    try {
      const response = line.reader.read(bytes);
      if (response) this.#answer(response);
    } catch (error) {
      const why = (error as Error).message;
      this.#fail(new ServingError("INTERNAL", `the answer is not HTTP/1.1: ${why}`));
    }
  }

  #answer(response: HttpResponse): void {
    if (!response.isReusable) this.#drop();
    if (this.#deadlineMs === undefined) return;
    this.#deadlineMs = undefined;
    this.#ended.answered(response);
  }

  #lost(line: Line): void {
    if (line !== this.#line) return;
    this.#line = undefined;
    const last = line.reader.end();
    if (last) this.#answer(last);
    else this.#fail(this.#lossOf(line));
  }

  #lossOf({ isConnected, problem = "" }: Line): ServingError {
    const { address } = this.#dialer;
    const what = isConnected
      ? `the connection to ${address} was lost`
      : `cannot connect to ${address}`;
    const why = problem === "" ? what : `${what}: ${problem}`;
    return new ServingError("UNAVAILABLE", why, { isLost: true });
  }

  #fail(error: ServingError): void {
    this.#drop();
    if (this.#deadlineMs === undefined) return;
    this.#deadlineMs = undefined;
    this.#ended.failed(error);
  }

  #drop(): void {
    this.#line?.socket.destroy();
    this.#line = undefined;
  }

  /** One timer that looks again, since setting one for each call costs more. */
  #watch(): void {
    if (this.#timer !== undefined || this.#deadlineMs === undefined) return;
    const leftMs = this.#deadlineMs - performance.now();
    this.#timer = setTimeout(() => this.#look(), Math.max(1, leftMs));
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#deadlineMs !== undefined && this.#deadlineMs <= performance.now())
      this.#fail(new ServingError("DEADLINE_EXCEEDED", "there was no answer by the deadline"));
    this.#watch();
  }
}

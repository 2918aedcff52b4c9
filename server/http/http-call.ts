import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { ServingError } from "../../proto/serving-error.ts";
import type { Metadata, ServerCall } from "../../transport/call.ts";
import { peerOf, type Peer } from "../../transport/peer.ts";

/** What is passed on; the rest is between the caller and this server. */
const passed = new Set(["traceparent", "tracestate", "authorization"]);
const prefix = "x-crossfade-";
const own = "x-crossfade-timeout-ms";
const longestTimerMs = 2 ** 31 - 2;

export interface HttpCallOptions {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
  readonly requestId: string;
  readonly deadlineMs: number;
}

/** An HTTP request as backends see it. Signal, metadata and peer are made when first asked for. */
export class HttpCall implements ServerCall {
  readonly deadlineMs: number;
  readonly #options: HttpCallOptions;
  #metadata: Metadata | undefined;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: "waiting" | "answered" | "abandoned" = "waiting";

  constructor(options: HttpCallOptions) {
    this.#options = options;
    this.deadlineMs = options.deadlineMs;
  }

  get metadata(): Metadata {
    return (this.#metadata ??= metadataOf(this.#options));
  }

  get peer(): Peer {
    return peerOf(this.#options.socket);
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#startWatching();
    return this.#controller.signal;
  }

  isPastDeadline(): boolean {
    return this.deadlineMs <= performance.now();
  }

  /** What happens to the connection from here on is no abort. */
  answered(): void {
    if (this.#state === "waiting") this.#state = "answered";
    clearTimeout(this.#timer);
  }

  /** Nobody waits any more. */
  abandon(): void {
    clearTimeout(this.#timer);
    if (this.#state !== "waiting") return;
    this.#state = "abandoned";
    this.#controller?.abort(this.#reason());
  }

  #startWatching(): AbortController {
    const controller = new AbortController();
    if (this.#state === "abandoned") controller.abort(this.#reason());
    const remainingMs = this.deadlineMs - performance.now();
    if (this.#state === "waiting" && remainingMs < longestTimerMs)
      this.#timer = setTimeout(() => this.abandon(), remainingMs + 1);
    return controller;
  }

  #reason(): ServingError {
    return this.isPastDeadline()
      ? new ServingError("DEADLINE_EXCEEDED", "the deadline passed before the answer was ready")
      : new ServingError("CANCELLED", "the caller went away");
  }
}

function metadataOf({ headers, requestId }: HttpCallOptions): Metadata {
  const metadata = new Map([["x-request-id", requestId]]);
  for (const [name, value] of Object.entries(headers)) {
    const isPassed = passed.has(name) || (name.startsWith(prefix) && name !== own);
    if (isPassed && value !== undefined) metadata.set(name, String(value));
  }
  return metadata;
}

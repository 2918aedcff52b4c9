import type { Metadata as GrpcMetadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { ServingError } from "../../proto/serving-error.ts";
import type { Metadata, ServerCall } from "../call.ts";
import type { Peer } from "../peer.ts";
import { fromGrpc } from "./metadata.ts";

/** A call as its handler sees it. Signal, metadata and peer are made when first asked for: most handlers never do. */
export class IncomingCall implements ServerCall {
  readonly deadlineMs: number;
  readonly #received: GrpcMetadata;
  readonly #peerOf: () => Peer;
  #metadata: Metadata | undefined;
  #controller: AbortController | undefined;
  #state: "waiting" | "answered" | "abandoned" = "waiting";

  constructor(call: ServerInterceptingCallInterface, received: GrpcMetadata, peerOf: () => Peer) {
    this.deadlineMs = Number(call.getDeadline()) - Date.now() + performance.now();
    this.#received = received;
    this.#peerOf = peerOf;
  }

  get metadata(): Metadata {
    return (this.#metadata ??= fromGrpc(this.#received));
  }

  get peer(): Peer {
    return this.#peerOf();
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#state === "abandoned") this.#controller.abort(this.#reason());
    return this.#controller.signal;
  }

  isPastDeadline(): boolean {
    return this.deadlineMs <= performance.now();
  }

  /** The answer is on its way: what happens to the stream from here on is no abort. */
  answered(): void {
    if (this.#state === "waiting") this.#state = "answered";
  }

  /** Nobody waits any more. Says why, unless the call had been answered. */
  abandon(): ServingError | undefined {
    if (this.#state === "answered") return undefined;
    this.#state = "abandoned";
    const reason = this.#reason();
    this.#controller?.abort(reason);
    return reason;
  }

  #reason(): ServingError {
    return this.isPastDeadline()
      ? new ServingError("DEADLINE_EXCEEDED", "the deadline passed before the answer was ready")
      : new ServingError("CANCELLED", "the caller cancelled or went away");
  }
}

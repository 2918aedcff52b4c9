import { status, type Channel, type StatusObject } from "@grpc/grpc-js";
import { ServingError } from "../../proto/serving-error.ts";
import { createPull } from "../pull.ts";
import type { CallOptions } from "../transport.ts";
import { toGrpc } from "./metadata.ts";
import { fromStatus } from "./status.ts";
import { toBuffer } from "./to-buffer.ts";

type GrpcCall = ReturnType<Channel["createCall"]>;
export type CreateCall = (path: string, deadlineMs: number) => GrpcCall;

interface Listener {
  readonly onMessage: (message: Uint8Array) => void;
  readonly onEnd: (error?: ServingError) => void;
}

/**
 * Starts calls below the surface of grpc-js, whose client captures a stack for each (a fifth of the CPU of a call).
 * Throws where no call should start at all.
 */
function startCall(create: CreateCall, path: string, options: CallOptions & Listener): GrpcCall {
  const { deadlineMs = Infinity, signal, metadata = [], onMessage, onEnd } = options;
  if (signal?.aborted)
    throw new ServingError("CANCELLED", `${path} was cancelled before it started`);
  if (deadlineMs <= performance.now()) {
    throw new ServingError(
      "DEADLINE_EXCEEDED",
      `the deadline of ${path} had passed before it started`,
    );
  }
  const headers = toHeaders(metadata);
  const call = create(path, deadlineMs);
  const cancel = () => call.cancelWithStatus(status.CANCELLED, "the caller cancelled");
  signal?.addEventListener("abort", cancel, { once: true });
  let heard = false;
  call.start(headers, {
    onReceiveMetadata() {
      heard = true;
    },
    onReceiveMessage: onMessage,
    onReceiveStatus(received: StatusObject) {
      signal?.removeEventListener("abort", cancel);
      onEnd(received.code === status.OK ? undefined : fromStatus(received, heard));
    },
  });
  return call;
}

function toHeaders(metadata: Iterable<readonly [string, string]>): ReturnType<typeof toGrpc> {
  try {
    return toGrpc(metadata);
  } catch (error) {
    throw new ServingError("INVALID_ARGUMENT", `metadata cannot be sent: ${String(error)}`);
  }
}

export function unaryCall(
  create: CreateCall,
  path: string,
  { request, ...options }: CallOptions & { readonly request: Uint8Array },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let reply: Uint8Array | undefined;
    const call = startCall(create, path, {
      ...options,
      onMessage(message) {
        if (reply)
          return call.cancelWithStatus(
            status.UNIMPLEMENTED,
            `${path} sent a second reply to a unary call`,
          );
        reply = message;
        call.startRead();
      },
      onEnd(error) {
        if (error) reject(error);
        else if (reply) resolve(reply);
        else reject(new ServingError("UNIMPLEMENTED", `${path} sent no reply to a unary call`));
      },
    });
    call.startRead();
    call.sendMessageWithContext({}, toBuffer(request));
    call.halfClose();
  });
}

export async function* streamCall(
  create: CreateCall,
  path: string,
  { requests, ...options }: CallOptions & { readonly requests: AsyncIterable<Uint8Array> },
): AsyncGenerator<Uint8Array, void> {
  const replies = createPull(() => call.startRead());
  let ended = false;
  let written: (() => void) | undefined;
  const call = startCall(create, path, {
    ...options,
    onMessage: replies.deliver,
    onEnd(error) {
      ended = true;
      replies.finish(error);
      written?.();
    },
  });

  /** One message at a time: the next is asked for when the last one has left. */
  async function sendAll(): Promise<void> {
    for await (const request of requests) {
      if (ended) return;
      await new Promise<void>((resolve) => {
        written = resolve;
        call.sendMessageWithContext({ callback: () => resolve() }, toBuffer(request));
      });
    }
    if (!ended) call.halfClose();
  }

  sendAll().catch((error: Error) => {
    // Our own side failed: its error is what the caller of this function should see.
    replies.finish(error);
    call.cancelWithStatus(status.CANCELLED, "the requests could not be read");
  });
  try {
    yield* replies.messages;
  } finally {
    if (!ended) call.cancelWithStatus(status.CANCELLED, "the caller left the stream");
  }
}

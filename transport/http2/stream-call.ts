import { ServingError } from "../../proto/serving-error.ts";
import type { CallOptions } from "../transport.ts";
import type { OutgoingCall } from "./outgoing-call.ts";
import { ReplyQueue } from "./reply-queue.ts";
import { StreamBody } from "./request-body.ts";
import { watchSignal } from "./watch-signal.ts";

/** Starts a call with this body, whose replies go to the queue. */
export type StartStream = (body: StreamBody, replies: ReplyQueue) => OutgoingCall;

export async function* streamCall(
  start: StartStream,
  requests: AsyncIterable<Uint8Array>,
  { signal }: Pick<CallOptions, "signal">,
): AsyncGenerator<Uint8Array, void> {
  const replies = new ReplyQueue();
  const body = new StreamBody();
  const call = start(body, replies);
  replies.call = call;
  const stopWatching = watchSignal(signal, call);
  sendAll(call, body, requests).catch((error: Error) => {
    // The caller gets its own error, as it was.
    replies.fail(error);
    call.cancel(new ServingError("CANCELLED", "the requests could not be read"));
  });
  try {
    yield* replies.messages();
  } finally {
    stopWatching();
    if (!call.isSettled) call.cancel(new ServingError("CANCELLED", "the caller left the stream"));
  }
}

/** One message at a time: the next is asked for when the last one has left. */
async function sendAll(
  call: OutgoingCall,
  body: StreamBody,
  requests: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const request of requests) {
    if (call.isSettled) return;
    await new Promise<void>((resolve) => {
      call.messageLeft = resolve;
      body.add(request);
      call.holder?.continue(call);
    });
  }
  body.end();
  call.holder?.continue(call);
}

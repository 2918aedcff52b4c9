import {
  status,
  type Metadata as GrpcMetadata,
  type ServerInterceptingCallInterface,
} from "@grpc/grpc-js";
import { ServingError } from "../../proto/serving-error.ts";
import { createPull } from "../pull.ts";
import type { Method, ServerOptions, StreamMethod, UnaryMethod } from "../transport.ts";
import { IncomingCall } from "./incoming-call.ts";
import { toStatus } from "./status.ts";

type GrpcCall = ServerInterceptingCallInterface;
export type OnFailure = NonNullable<ServerOptions["onFailure"]>;

const ok = { code: status.OK, details: "" };

/** Runs one call from its first byte to its status. */
export function serveCall(method: Method, call: GrpcCall, onFailure: OnFailure): void {
  if (method.kind === "unary") serveUnary(method, call, onFailure);
  else serveStream(method, call, onFailure);
}

function fail(call: GrpcCall, incoming: IncomingCall, error: ServingError): void {
  incoming.answered();
  call.sendStatus(toStatus(error));
}

function refusePastDeadline(call: GrpcCall, incoming: IncomingCall): boolean {
  if (!incoming.isPastDeadline()) return false;
  fail(
    call,
    incoming,
    new ServingError("DEADLINE_EXCEEDED", "the deadline had passed when the request arrived"),
  );
  return true;
}

function serveUnary(method: UnaryMethod, call: GrpcCall, onFailure: OnFailure): void {
  let incoming: IncomingCall;
  let request: Uint8Array | undefined;

  async function answer(bytes: Uint8Array): Promise<void> {
    try {
      const reply = await method.handle(bytes, incoming);
      incoming.answered();
      call.sendMessage(reply, () => {});
      call.sendStatus(ok);
    } catch (thrown) {
      const error = ServingError.from(thrown);
      onFailure(error, method.path);
      fail(call, incoming, error);
    }
  }

  call.start({
    onReceiveMetadata(received: GrpcMetadata) {
      incoming = new IncomingCall(call, received);
      call.startRead();
    },
    onReceiveMessage(message: Uint8Array) {
      if (request) return fail(call, incoming, wrongCount(method.path, "more than one"));
      request = message;
      call.startRead();
    },
    onReceiveHalfClose() {
      if (!request) return fail(call, incoming, wrongCount(method.path, "no"));
      if (!refusePastDeadline(call, incoming)) void answer(request);
    },
    onCancel() {
      incoming.abandon();
    },
  });
}

function wrongCount(path: string, count: string): ServingError {
  return new ServingError("UNIMPLEMENTED", `${path} takes one request message; ${count} came`);
}

function serveStream(method: StreamMethod, call: GrpcCall, onFailure: OnFailure): void {
  let incoming: IncomingCall;
  let rejectWrite: ((reason: ServingError) => void) | undefined;
  const requests = createPull(() => call.startRead());

  const write = (reply: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      rejectWrite = reject;
      call.sendMessage(reply, resolve);
    });

  async function answer(): Promise<void> {
    try {
      for await (const reply of method.handle(requests.messages, incoming)) {
        incoming.signal.throwIfAborted();
        await write(reply);
      }
      incoming.answered();
      call.sendStatus(ok);
    } catch (thrown) {
      const error = ServingError.from(thrown);
      onFailure(error, method.path);
      fail(call, incoming, error);
    }
  }

  call.start({
    onReceiveMetadata(received: GrpcMetadata) {
      incoming = new IncomingCall(call, received);
      if (!refusePastDeadline(call, incoming)) void answer();
    },
    onReceiveMessage: requests.deliver,
    onReceiveHalfClose() {
      // A stream that its peer resets ends like one that is complete. Another read finds out, and calls onCancel first.
      call.startRead();
      setImmediate(requests.finish);
    },
    onCancel() {
      const reason = incoming.abandon();
      requests.finish(reason);
      if (reason) rejectWrite?.(reason);
    },
  });
}

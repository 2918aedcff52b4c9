import type { Metadata as GrpcMetadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { ServingError } from "../../proto/serving-error.ts";
import { createPull } from "../pull.ts";
import type { ServerOptions, StreamMethod, UnaryMethod } from "../transport.ts";
import type { Exchange } from "./exchange.ts";
import { IncomingCall } from "./incoming-call.ts";

type GrpcCall = ServerInterceptingCallInterface;
export type OnFailure = NonNullable<ServerOptions["onFailure"]>;

/** Runs one call from its first byte to its status. */
export function serveCall(call: GrpcCall, exchange: Exchange, onFailure: OnFailure): void {
  const { method } = exchange;
  const failed = (incoming: IncomingCall, thrown: unknown) => {
    const error = ServingError.from(thrown);
    onFailure(error, method.path);
    incoming.answered();
    exchange.fail(error);
  };
  if (method.kind === "unary") serveUnary(method, { call, exchange, failed });
  else serveStream(method, { call, exchange, failed });
}

interface Parts {
  readonly call: GrpcCall;
  readonly exchange: Exchange;
  readonly failed: (incoming: IncomingCall, thrown: unknown) => void;
}

/** A deadline already past never reaches the handler. */
function isRefused(exchange: Exchange, incoming: IncomingCall): boolean {
  if (!incoming.isPastDeadline()) return false;
  incoming.answered();
  exchange.fail(
    new ServingError("DEADLINE_EXCEEDED", "the deadline had passed when the request arrived"),
  );
  return true;
}

function serveUnary(method: UnaryMethod, { call, exchange, failed }: Parts): void {
  let incoming: IncomingCall;
  let request: Uint8Array | undefined;

  async function answer(bytes: Uint8Array): Promise<void> {
    try {
      const reply = await method.handle(bytes, incoming);
      incoming.answered();
      exchange.reply(reply);
    } catch (thrown) {
      failed(incoming, thrown);
    }
  }

  function refuse(count: string): void {
    incoming.answered();
    const message = `${method.path} takes one request message; ${count} came`;
    exchange.fail(new ServingError("UNIMPLEMENTED", message));
  }

  call.start({
    onReceiveMetadata(received: GrpcMetadata) {
      incoming = new IncomingCall(call, received, () => exchange.peer);
      call.startRead();
    },
    onReceiveMessage(message: Uint8Array) {
      if (request) return refuse("more than one");
      request = message;
      call.startRead();
    },
    onReceiveHalfClose() {
      // A stream that its peer resets ends like one that is complete.
      if (exchange.isGone()) return;
      exchange.completed();
      if (!request) refuse("no");
      else if (!isRefused(exchange, incoming)) void answer(request);
    },
    onCancel() {
      incoming.abandon();
    },
  });
}

function serveStream(method: StreamMethod, { call, exchange, failed }: Parts): void {
  let incoming: IncomingCall;
  let rejectWrite: ((reason: ServingError) => void) | undefined;
  const requests = createPull(() => call.startRead());

  const write = (reply: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      rejectWrite = reject;
      exchange.write(reply).then(resolve, reject);
    });

  async function answer(): Promise<void> {
    try {
      for await (const reply of method.handle(requests.messages, incoming)) {
        incoming.signal.throwIfAborted();
        await write(reply);
      }
      incoming.answered();
      exchange.end();
    } catch (thrown) {
      failed(incoming, thrown);
    }
  }

  call.start({
    onReceiveMetadata(received: GrpcMetadata) {
      incoming = new IncomingCall(call, received, () => exchange.peer);
      if (!isRefused(exchange, incoming)) void answer();
    },
    onReceiveMessage(message: Uint8Array) {
      exchange.handedOver();
      requests.deliver(message);
    },
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

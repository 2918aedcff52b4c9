import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import { ServingError } from "../../proto/serving-error.ts";
import { createBudget } from "../budget.ts";
import { defaultServerLimits } from "../server-limits.ts";
import type { Method, ServerOptions } from "../transport.ts";
import { clampTimeout } from "./clamp-timeout.ts";
import { Exchange, type Terms } from "./exchange.ts";
import { refuseStream } from "./refuse-stream.ts";
import { createResetLimit } from "./reset-limit.ts";
import { serveCall } from "./serve-call.ts";
import type { ServeStream, TakeOptions } from "./take-streams.ts";

/** Where calls enter: decides which are served, and hears how all of them end. */
export interface Gate extends TakeOptions {
  /** For grpc-js: what it does with the calls that it is handed. */
  readonly interceptor: ServerInterceptor;
  /** Stops looking for calls that take too long. */
  close(): void;
}

export function createGate(methods: readonly Method[], options: ServerOptions): Gate {
  const limits = { ...defaultServerLimits, ...options };
  const terms = { limits, budget: createBudget(limits) };
  const byPath = new Map(methods.map((method) => [method.path, method]));
  const onFailure = options.onFailure?.bind(options) ?? (() => {});
  const exchanges = new Set<Exchange>();
  const countReset = createResetLimit();
  /** grpc-js runs its interceptors before it returns from serving a stream. */
  let arriving: Exchange | undefined;

  function admit(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, serve: ServeStream) {
    const path = String(headers[":path"]);
    const method = byPath.get(path);
    const ended = options.onCall?.(method) ?? (() => {});
    const admitted = method ? (refusalOf(method, headers, terms) ?? method) : unknownMethod(path);
    if (admitted instanceof ServingError) {
      ended(admitted.code);
      return refuseStream(stream, admitted);
    }
    clampTimeout(headers);
    const exchange = new Exchange([stream, admitted], terms, ended);
    exchanges.add(exchange);
    stream.once("close", () => exchanges.delete(exchange));
    arriving = exchange;
    serve(stream, headers);
    stream.on("data", (chunk: Buffer) => exchange.received(chunk.length));
  }

  const everyMs = Math.max(5, Math.min(1_000, limits.maxReceiveMs / 4, limits.maxSendMs / 4));
  const sweeping = setInterval(() => {
    const nowMs = performance.now();
    for (const exchange of exchanges) exchange.endIfLate(nowMs);
  }, everyMs).unref();

  return {
    maxConnections: limits.maxConnections,
    door: options.door,
    take(stream, headers, serve) {
      const { session } = stream;
      // One that its caller has reset by now needs no more than this.
      stream.on("error", () => {});
      stream.once("close", () => {
        if (session && stream.rstCode !== 0) countReset(session);
      });
      if (stream.closed || stream.destroyed) stream.resume();
      // What is not gRPC at all gets an HTTP status from grpc-js.
      else if (isGrpc(headers)) admit(stream, headers, serve);
      else serve(stream, headers);
    },
    interceptor(_, call) {
      const exchange = arriving!;
      exchange.attach(call);
      // Below the surface of grpc-js, which would put a Node stream around each call: what is read, when a write has
      // left and how a call ended are then exact, at the same cost.
      const start = () => serveCall(call, exchange, onFailure);
      return Object.assign(new ServerInterceptingCall(call), { start });
    },
    close: () => clearInterval(sweeping),
  };
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers["content-type"]?.startsWith("application/grpc") ?? false;
}

function unknownMethod(path: string): ServingError {
  return new ServingError("UNIMPLEMENTED", `this server has no method ${path}`);
}

function refusalOf(
  { kind }: Method,
  headers: IncomingHttpHeaders,
  { budget }: Terms,
): ServingError | undefined {
  const encoding = headers["grpc-encoding"] ?? "identity";
  if (encoding === "identity") return budget.enter(kind);
  return new ServingError(
    "UNIMPLEMENTED",
    `requests compressed with ${String(encoding)} are not taken; send them as they are (identity)`,
  );
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ServingError } from "../../proto/serving-error.ts";
import type { ServerCall } from "../../transport/call.ts";
import { HttpCall } from "./http-call.ts";
import { createMatchRoute, type Match, type MatchRoute } from "./match-route.ts";
import { readBody } from "./read-body.ts";
import { readTimeoutMs } from "./read-timeout.ts";
import { pageOf } from "./page-of.ts";
import { refusalOf, type Refusal } from "./refusal.ts";
import { requestIdOf } from "./request-id.ts";
import type { Page, Route } from "./route.ts";
import { sendLines, type Sent } from "./send-lines.ts";
import { send, sendEarly } from "./send.ts";

/** Told of every answer. Routes and methods are ours, never what a caller made up. */
export interface HttpMeter {
  answered(by: AnsweredBy, status: number, tookMs: number): void;
}

export interface AnsweredBy {
  /** A template, or "none". */
  readonly route: string;
  /** "GET", "POST", or "other". */
  readonly method: string;
}

export interface Failed {
  readonly error: ServingError;
  readonly route: string;
  readonly requestId: string;
}

export interface GatewayOptions {
  readonly maxBodyBytes: number;
  readonly meter: HttpMeter;
  /** For the log: what each refused request was refused for, with the cause that the caller does not see. */
  onFailure(failed: Failed): void;
  /** Asked of every request before anything else. */
  refuse?(request: IncomingMessage): Refusal | undefined;
  /** Throws for whoever may not send a body; asked before any of it is read. */
  beforeBody?(call: ServerCall): void;
  /** The connection ends with its next answer. */
  isLast(request: IncomingMessage): boolean;
}

export interface Gateway {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Refuses the request whose body is coming over this socket; false when there is none. */
  interrupt(socket: Duplex, why: Refusal): boolean;
  /** A request of this socket has no answer yet. */
  isBusy(socket: Duplex): boolean;
}

/** The requests of one connection; callers may send the next before they have the answer. */
interface Line {
  newest: Exchange | undefined;
  unanswered: number;
}

const noBody = Buffer.alloc(0);

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly arrivedMs: number;
  readonly match: Match | Refusal;
  /** Set while the body is being read. */
  interrupt?: ((why: Refusal) => void) | undefined;
  isInterrupted: boolean;
}

/** Routes over HTTP: ids, limits, timeouts and statuses, for handlers that know bytes and ServingErrors. */
export function createGateway(routes: readonly Route[], options: GatewayOptions): Gateway {
  const matchRoute = createMatchRoute(routes);
  const lines = new WeakMap<Duplex, Line>();
  return {
    async handle(request, response) {
      const find: MatchRoute = (method, url) =>
        options.refuse?.(request) ?? matchRoute(method, url);
      const exchange = open(find, request, response);
      const line = lineOf(lines, request.socket);
      line.unanswered += 1;
      line.newest = exchange;
      finish(exchange, await outcomeOf(exchange, options), options);
      line.unanswered -= 1;
    },
    interrupt(socket, why) {
      const exchange = lines.get(socket)?.newest;
      if (exchange?.interrupt === undefined) return false;
      exchange.isInterrupted = true;
      exchange.interrupt(why);
      return true;
    },
    isBusy: (socket) => (lines.get(socket)?.unanswered ?? 0) > 0,
  };
}

function lineOf(lines: WeakMap<Duplex, Line>, socket: Duplex): Line {
  let line = lines.get(socket);
  if (line === undefined) lines.set(socket, (line = { newest: undefined, unanswered: 0 }));
  return line;
}

function open(
  matchRoute: MatchRoute,
  request: IncomingMessage,
  response: ServerResponse,
): Exchange {
  return {
    request,
    response,
    requestId: requestIdOf(request.headers["x-request-id"]),
    arrivedMs: performance.now(),
    match: matchRoute(request.method!, request.url!),
    isInterrupted: false,
  };
}

async function outcomeOf(
  exchange: Exchange,
  options: GatewayOptions,
): Promise<Page | Refusal | Sent> {
  const { match } = exchange;
  if ("error" in match) return match;
  try {
    const call = callOf(exchange, match.route);
    const hasBody = match.route.method !== "GET";
    if (hasBody) options.beforeBody?.(call);
    const body = hasBody ? await bodyOf(exchange, options) : noBody;
    return body instanceof Uint8Array ? await answer(exchange, { match, body, call }) : body;
  } catch (thrown) {
    return refusalOf(thrown);
  }
}

async function bodyOf(exchange: Exchange, options: GatewayOptions): Promise<Buffer | Refusal> {
  const body = await readBody(exchange.request, exchange.response, {
    maxBytes: options.maxBodyBytes,
    interruptible: (interrupt) => (exchange.interrupt = interrupt),
  });
  exchange.interrupt = undefined;
  return body;
}

function callOf(exchange: Exchange, { defaultTimeoutMs = Infinity }: Route): HttpCall {
  const { request, requestId, arrivedMs } = exchange;
  const timeoutMs = readTimeoutMs(request.headers) ?? defaultTimeoutMs;
  const { headers, socket } = request;
  return new HttpCall({ headers, socket, requestId, deadlineMs: arrivedMs + timeoutMs });
}

async function answer(
  { request, response, requestId }: Exchange,
  { match, body, call }: { match: Match; body: Buffer; call: HttpCall },
): Promise<Page | Sent> {
  if (call.isPastDeadline())
    throw new ServingError("DEADLINE_EXCEEDED", "the timeout had passed when the body arrived");
  const gone = () => call.abandon();
  response.on("close", gone);
  try {
    const { route, params, query } = match;
    const answered = await route.handle({ params, query, body, call, requestId });
    if (!("lines" in answered)) return answered;
    return await sendLines(answered, { request, response, requestId });
  } finally {
    response.off("close", gone);
    call.answered();
  }
}

function finish(exchange: Exchange, outcome: Page | Refusal | Sent, options: GatewayOptions): void {
  const { request, response, match, arrivedMs } = exchange;
  const route = "error" in match ? "none" : match.route.template;
  const status = response.destroyed ? 499 : outcome.status;
  if ("error" in outcome && outcome.error !== undefined) {
    const { error } = outcome;
    options.onFailure({ error, route, requestId: exchange.requestId });
  }
  if (!("sent" in outcome)) sendPage(exchange, outcome, options);
  const tookMs = performance.now() - arrivedMs;
  options.meter.answered({ route, method: methodOf(request.method) }, status, tookMs);
}

function sendPage(exchange: Exchange, outcome: Page | Refusal, options: GatewayOptions): void {
  const { request, response, requestId } = exchange;
  const page = "error" in outcome ? pageOf(outcome, requestId) : outcome;
  const headers = ["content-type", page.type, "x-request-id", requestId];
  if ("error" in outcome) headers.push(...Object.entries(outcome.headers).flat());
  const isUnread = hasUnreadBody(request);
  const isLast = isUnread || exchange.isInterrupted || options.isLast(request);
  // Who has to be asked for his body, or has broken off, sends nothing more.
  const isSending = isUnread && request.headers.expect === undefined && !exchange.isInterrupted;
  const reply = { status: page.status, headers, body: page.body, isLast };
  if (isSending) sendEarly(request, response, reply);
  else send(response, reply);
}

function methodOf(method: string | undefined): string {
  return method === "GET" || method === "POST" ? method : "other";
}

function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  const length = headers["content-length"] ?? "0";
  return !complete && (length !== "0" || headers["transfer-encoding"] !== undefined);
}

import type { ServerCall } from "../../transport/call.ts";
import type { Schema } from "./json/schema.ts";

/** A request that found its route, with its whole body. */
export interface Incoming {
  /** By the names in the template, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Behind the "?": some of those that the route names. */
  readonly query: Readonly<Record<string, string>>;
  /** Empty for GET. */
  readonly body: Buffer;
  readonly call: ServerCall;
  readonly requestId: string;
}

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** An answer that comes in parts, each a line of JSON without its end; what goes wrong in between is the last one. */
export interface Lines {
  readonly lines: AsyncIterable<string>;
}

/** For the OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly request?: Schema;
  /** What may stand behind the "?". Default: nothing. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** By status; what is not JSON has no schema. Errors are the same everywhere. */
  readonly replies: Readonly<Record<number, Reply>>;
}

interface Reply {
  readonly description: string;
  readonly schema?: Schema;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** E.g. "/v1/models/{model}:recommend". */
  readonly template: string;
  readonly operation: Operation;
  /** For callers that set no timeout. Default: none, for what waits for nothing. */
  readonly defaultTimeoutMs?: number;
  /** Fails by throwing a ServingError. */
  handle(incoming: Incoming): Page | Lines | Promise<Page | Lines>;
}

export function json(body: string): Page {
  return { status: 200, type: "application/json", body };
}

export function plain(status: number, line: string): Page {
  return { status, type: "text/plain; charset=utf-8", body: `${line}\n` };
}

import type { IncomingMessage, ServerResponse } from "node:http";

/** A body that is being sent to somebody who no longer reads it is thrown away up to here, so that he sees the answer. */
const maxThrownAway = 16 * 2 ** 20;

export interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
  /** The connection ends with this answer. */
  readonly isLast: boolean;
}

/** One write. */
export function send(response: ServerResponse, { status, headers, body, isLast }: Answer): void {
  if (isLast) response.shouldKeepAlive = false;
  response.writeHead(status, [...headers, "content-length", String(Buffer.byteLength(body))]);
  response.end(body);
}

/**
 * Answers before the body has come, and lets the rest of it arrive: closing the connection under a caller who still
 * sends would reset it, and he might never read why.
 */
export function sendEarly(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  let thrownAway = 0;
  response.shouldKeepAlive = false;
  response.writeHead(status, [...headers, "content-length", String(Buffer.byteLength(body))]);
  response.write(body);
  request.on("data", (chunk: Buffer) => {
    thrownAway += chunk.length;
    if (thrownAway > maxThrownAway) response.end();
  });
  request.once("end", () => response.end());
  request.once("close", () => response.end());
}

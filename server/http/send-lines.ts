import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { ServingError } from "../../proto/serving-error.ts";
import { pageOf } from "./page-of.ts";
import { refusalOf } from "./refusal.ts";
import type { Lines } from "./route.ts";

export interface LineParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** What has been answered in full. */
export interface Sent {
  readonly sent: true;
  readonly status: number;
  /** It broke off. */
  readonly error?: ServingError;
}

/** For the caller to take a line; then he is cut off. */
const maxSendMs = 30_000;

/** One write for each line. What fails before the first one is thrown, so that it has a status of its own. */
export async function sendLines({ lines }: Lines, parts: LineParts): Promise<Sent> {
  const { request, response, requestId } = parts;
  try {
    for await (const line of lines) {
      if (!response.headersSent) startLines(parts);
      // Who asks for the headers alone has seen them.
      if (request.method === "HEAD") break;
      await write(response, line);
      if (response.destroyed) break;
    }
    if (!response.headersSent) startLines(parts);
    response.end();
    return { sent: true, status: 200 };
  } catch (thrown) {
    if (!response.headersSent) throw thrown;
    const refusal = refusalOf(thrown);
    response.end(`${pageOf(refusal, requestId).body}\n`);
    return { sent: true, status: 200, error: refusal.error };
  }
}

/** The connection ends with them: when the server begins to drain, their headers have left. */
function startLines({ response, requestId }: LineParts): void {
  response.shouldKeepAlive = false;
  response.writeHead(200, ["content-type", "application/x-ndjson", "x-request-id", requestId]);
}

async function write(response: ServerResponse, line: string): Promise<void> {
  if (response.write(`${line}\n`)) return;
  const settled = new AbortController();
  const { signal } = settled;
  const taken = ["drain", "close"].map((event) => once(response, event, { signal }));
  const late = delay(maxSendMs, "late", { signal });
  for (const waiting of [...taken, late]) waiting.catch(() => {});
  const outcome = await Promise.race([...taken, late]);
  settled.abort();
  if (outcome === "late") response.destroy();
}

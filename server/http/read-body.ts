import type { IncomingMessage, ServerResponse } from "node:http";
import { refusal, type Refusal } from "./refusal.ts";

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** Hands over how to end the reading early: bytes that are no HTTP, or too slow a caller. */
  interruptible(interrupt: (why: Refusal) => void): void;
}

/** A JSON body, whole; what is too large or of another type is refused before a byte of it is kept. */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReadBodyOptions,
): Promise<Buffer | Refusal> | Refusal {
  const { maxBytes } = options;
  const refused = wrongType(request) ?? tooLong(request, maxBytes);
  if (refused !== undefined) return refused;
  if (request.headers.expect !== undefined) response.writeContinue();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    options.interruptible(resolve);
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) resolve(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on("close", () => {
      if (!request.readableEnded) resolve(refusal(499, ["CANCELLED", "the caller went away"]));
    });
  });
}

/** Only JSON: a page of another site can then not call without asking the browser first. */
function wrongType({ headers }: IncomingMessage): Refusal | undefined {
  const { "content-type": type, "content-encoding": encoding = "identity" } = headers;
  if (encoding !== "identity") {
    const message = `content-encoding is ${shown(encoding)}; send the body uncompressed`;
    return refusal(415, ["INVALID_ARGUMENT", message], { "accept-encoding": "identity" });
  }
  if (/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type ?? "")) return undefined;
  const given = type === undefined ? "missing" : shown(type);
  return refusal(415, ["INVALID_ARGUMENT", `content-type is ${given}; send application/json`]);
}

function tooLong({ headers }: IncomingMessage, maxBytes: number): Refusal | undefined {
  return Number(headers["content-length"] ?? 0) > maxBytes ? tooLarge(maxBytes) : undefined;
}

function tooLarge(maxBytes: number): Refusal {
  return refusal(413, [
    "RESOURCE_EXHAUSTED",
    `the body has more than the ${maxBytes} bytes that are read here; send less at once`,
  ]);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}

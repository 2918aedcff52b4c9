import type { HttpRoute } from "../../workload.ts";

export interface RequestWriterOptions {
  readonly route: HttpRoute;
  readonly headers: Readonly<Record<string, string>>;
  readonly host: string;
}

const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const text = /^[\t\x20-\x7e\x80-\xff]*$/;
const pathText = /^\/[\x21-\x7e]*$/;
/** Set by the writer. */
const ours = new Set(["host", "content-length", "connection", "transfer-encoding"]);

/**
 * Makes requests of bodies: all but two headers are the same in each. The server is told how long the answer is waited
 * for, as the gateway understands it.
 * @throws An Error for what no request can carry.
 */
export function createRequestWriter(
  options: RequestWriterOptions,
): (body: Uint8Array, deadlineMs: number) => Buffer {
  const start = startOf(options);
  return (body, deadlineMs) => {
    const timeoutMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
    const length = body.length === 0 ? "" : `content-length: ${body.length}\r\n`;
    const head = `${start}x-crossfade-timeout-ms: ${timeoutMs}\r\n${length}\r\n`;
    const request = Buffer.allocUnsafe(head.length + body.length);
    request.write(head, "latin1");
    request.set(body, head.length);
    return request;
  };
}

function startOf({ route, headers, host }: RequestWriterOptions): string {
  const { method, path } = route;
  if (!pathText.test(path))
    throw new Error(
      `the path ${JSON.stringify(path)} cannot be sent: begin with / and escape the rest`,
    );
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
  if (method === "POST" && headers["content-type"] === undefined)
    lines.push("content-type: application/json");
  for (const [name, value] of Object.entries(headers)) {
    if (!token.test(name) || !text.test(value))
      throw new Error(`the header ${JSON.stringify(`${name}: ${value}`)} cannot be sent`);
    if (ours.has(name)) throw new Error(`the header ${name} is not for a plan to set`);
    lines.push(`${name}: ${value}`);
  }
  return lines.map((line) => `${line}\r\n`).join("");
}

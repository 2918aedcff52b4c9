import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { nameOf, ServingError } from "../../proto/serving-error.ts";
import { parseDistribution } from "../../router/parse-distribution.ts";
import type { Router } from "../../router/router.ts";
import { listen } from "../listen.ts";
import type { Log } from "../log/log.ts";

export interface AdminServerOptions {
  readonly port: number;
  readonly router: Pick<Router, "apply" | "current">;
  readonly log: Log;
}

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Page {
  readonly status: number;
  readonly body: object;
}

const maxBodyBytes = 1024 * 1024;
const path = /^\/v1\/distributions\/([^/]+)$/;

/**
 * GET and PUT /v1/distributions/MODEL. It listens on this machine only: whoever can reach it may do what it does.
 * Browsers send cross-site requests from here too, but not with a JSON body unless they were allowed to.
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    void answer(request, options).then((page) => send(response, page));
  });
  const port = await listen(server, "127.0.0.1", options.port);
  return {
    port,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(
  request: IncomingMessage,
  { router, log }: AdminServerOptions,
): Promise<Page> {
  const [, model] = path.exec(request.url ?? "") ?? [];
  if (model === undefined) return refused(404, "NOT_FOUND", "here is /v1/distributions/MODEL");
  try {
    if (request.method === "GET") return current(router, model);
    if (request.method !== "PUT")
      return refused(405, "UNIMPLEMENTED", "GET and PUT are served here");
    if (request.headers["content-type"] !== "application/json")
      return refused(415, "INVALID_ARGUMENT", "send content-type: application/json");
    return apply(router, { model, json: await readBody(request), log });
  } catch (thrown) {
    const { code, message } = ServingError.from(thrown);
    return refused(nameOf(code) === "ABORTED" ? 409 : 400, nameOf(code), message);
  }
}

function current(router: AdminServerOptions["router"], model: string): Page {
  const document = router.current(model);
  if (document !== undefined) return { status: 200, body: document };
  return refused(404, "NOT_FOUND", `no distribution for ${JSON.stringify(model)} here`);
}

interface Applying {
  readonly model: string;
  readonly json: string;
  readonly log: Log;
}

function apply(router: AdminServerOptions["router"], { model, json, log }: Applying): Page {
  const document = parseDistribution(json, "the body");
  if (document.model !== model) {
    const problem = `the body is for ${document.model}, the path for ${model}; make them the same`;
    throw new ServingError("INVALID_ARGUMENT", problem);
  }
  const { revision } = document;
  if (!router.apply(document)) {
    const held = router.current(model)?.revision;
    throw new ServingError(
      "ABORTED",
      `revision ${revision} is not newer than ${held}, which holds`,
    );
  }
  log.info("distribution applied", { model, revision, by: "admin" });
  return { status: 200, body: document };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes)
      throw new ServingError("INVALID_ARGUMENT", `the body is over ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refused(status: number, code: string, message: string): Page {
  return { status, body: { error: { code, message } } };
}

function send(response: ServerResponse, { status, body }: Page): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

import { createServer, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";
import { shareResults } from "./share-results.ts";

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly contentType: string;
  render(): Promise<string>;
  /** How long a page that was rendered is shown to others too. Default 1,000: scrapers ask less often. */
  readonly renderedForMs?: number;
  isReady(): boolean;
}

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** Scrapers and probes are few. */
const maxConnections = 256;

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** GET /metrics, /healthz (the process answers) and /readyz (it wants calls), apart from the port that serves. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { renderedForMs = 1_000 } = options;
  const render = shareResults(() => options.render(), renderedForMs);
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const path = request.url?.replace(/\?.*$/s, "") ?? "";
    const isRead = request.method === "GET" || request.method === "HEAD";
    const page = isRead
      ? pageOf(path, { ...options, render })
      : plain(405, "only GET is served here");
    page.then(
      (found) => send(response, found),
      () => send(response, { status: 500, type: "text/plain", body: "metrics failed\n" }),
    );
  });
  server.maxConnections = maxConnections;
  const port = await listen(server, options.host, options.port);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { port, close, [Symbol.asyncDispose]: close };
}

async function pageOf(path: string, options: MetricsServerOptions): Promise<Page> {
  if (path === "/metrics") {
    return { status: 200, type: options.contentType, body: await options.render() };
  }
  if (path === "/healthz") return plain(200, "ok");
  if (path !== "/readyz") return plain(404, "here are /metrics, /healthz and /readyz");
  return options.isReady() ? plain(200, "ready") : plain(503, "not ready");
}

async function plain(status: number, text: string): Promise<Page> {
  return { status, type: "text/plain", body: `${text}\n` };
}

function send(response: ServerResponse, { status, type, body }: Page): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}

import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "vitest";
import { createPuppet, type Puppet } from "../../backends/puppet.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import type { AnsweredBy, Failed } from "./gateway.ts";
import { startHttpServer, type HttpServer, type HttpServerOptions } from "./http-server.ts";
import { httpRoutes, type RouteOptions } from "./routes.ts";

export const recommendPath = "/v1/models/playlists:recommend";

/** The body of a refusal. */
export const errorOf = (code: string, message: unknown = expect.any(String)) => ({
  error: { code, message, requestId: expect.any(String) },
});

/** A real HTTP port over a puppet that echoes the user, for tests. */
export interface OpenGateway extends AsyncDisposable {
  readonly url: string;
  readonly server: HttpServer;
  readonly puppet: Puppet;
  readonly failures: readonly Failed[];
  readonly answered: readonly (AnsweredBy & { readonly status: number })[];
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Got>;
  get(path: string, init?: RequestInit): Promise<Got>;
  /** What comes back for these bytes until the server ends the connection. */
  raw(...parts: readonly string[]): Promise<string>;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of the body, as JSON. */
  readonly json: unknown;
}

export interface GatewayOptions extends Partial<HttpServerOptions>, Partial<RouteOptions> {
  readonly idType?: IdType;
}

export async function openGateway(options: GatewayOptions = {}): Promise<OpenGateway> {
  const { idType = "string", ...given } = options;
  const puppet = createPuppet({ name: "cpu-qint8", model: "playlists" });
  puppet.perform();
  const failures: Failed[] = [];
  const answered: (AnsweredBy & { status: number })[] = [];
  const version = modelVersion(idType);
  const routes = httpRoutes(puppet, {
    ...defaultRequestLimits,
    maxBatchRequests: 1_000,
    maxBatchResults: 100_000,
    playlistModel: "playlists",
    movieModel: "playlists",
    trackModel: "playlists",
    defaultDeadlineMs: 20_000,
    defaultBatchDeadlineMs: 20_000,
    models: {
      list: () => [version],
      idType: (model) => (model === "playlists" ? idType : undefined),
    },
    isReady: () => puppet.isReady("playlists", ""),
    ...given,
  });
  const server = await startHttpServer(routes, {
    host: "127.0.0.1",
    port: 0,
    maxBodyBytes: 64 * 1_024,
    maxConnections: 100,
    requestTimeoutMs: 20_000,
    maxConnectionAgeMs: 300_000,
    meter: { answered: (by, status) => void answered.push({ ...by, status }) },
    onFailure: (failed) => void failures.push(failed),
    ...given,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const get = (path: string, init?: RequestInit) => got(fetch(url + path, init));
  return {
    url,
    server,
    puppet,
    failures,
    answered,
    get,
    post: (path, body, headers = {}) =>
      get(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    raw: (...parts) => exchangeBytes(server.port, parts),
    async [Symbol.asyncDispose]() {
      puppet.perform();
      await server.close(0);
      await puppet.close();
    },
  };
}

function modelVersion(idType: IdType): ModelVersion {
  return {
    model: "playlists",
    version: "1",
    family: "two-tower",
    variant: "qint8",
    backend: "cpu-qint8",
    ready: true,
    isDefault: true,
    itemCount: 2_000_000,
    created: new Date("2025-01-31T12:00:00Z"),
    overlapAt10: 0.998,
    idType,
  };
}

async function got(response: Promise<Response>): Promise<Got> {
  const { status, headers, ...rest } = await response.then(async (one) => ({
    status: one.status,
    headers: one.headers,
    text: await one.text(),
  }));
  const isJson = headers.get("content-type") === "application/json" && rest.text !== "";
  return { status, headers, ...rest, json: isJson ? JSON.parse(rest.text) : undefined };
}

async function exchangeBytes(port: number, parts: readonly string[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => (received += text));
  socket.on("error", () => {});
  for (const part of parts) socket.write(part);
  await once(socket, "close");
  return received;
}

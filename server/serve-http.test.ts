import { once } from "node:events";
import { Agent, request } from "node:http";
import { expect, test } from "vitest";
import { openModelsFolder, openPuppetServing } from "./puppet-serving.ts";

/** The status, and whether the connection stays. */
async function ask(port: number, agent: Agent, path: string) {
  const sent = request({ port, host: "127.0.0.1", path, agent });
  sent.end();
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  return [response.statusCode, response.headers.connection];
}

test("HTTP beside gRPC, until it drains", async () => {
  await using folder = await openModelsFolder("music/1", "music/2");
  const flags = { models: folder.path, "drain-delay-ms": "1s" };
  await using server = await openPuppetServing({ flags });
  const { serving } = server;
  await serving.started;
  const agent = new Agent({ keepAlive: true });
  const port = serving.httpPort!;
  expect(await ask(port, agent, "/v1/models/music")).toEqual([200, "keep-alive"]);
  expect(await ask(port, agent, "/readyz")).toEqual([200, "keep-alive"]);
  const closing = serving.close();
  expect(await ask(port, agent, "/readyz")).toEqual([503, "close"]);
  expect(await ask(port, agent, "/healthz")).toEqual([200, "close"]);
  await closing;
  await expect(ask(port, agent, "/healthz")).rejects.toThrow("ECONNREFUSED");
  agent.destroy();
});

test("HTTP can be off", async () => {
  await using folder = await openModelsFolder("music/1");
  const flags = { models: folder.path, "http-port": "off" };
  await using server = await openPuppetServing({ flags });
  await server.serving.started;
  expect(server.serving.httpPort).toBeUndefined();
  await server.recommend("music");
});

test("a taken HTTP port is refused, and the metrics port given back", async () => {
  await using folder = await openModelsFolder();
  await using first = await openPuppetServing({ flags: { models: folder.path } });
  const free = await openPuppetServing({ flags: { models: folder.path } });
  const metricsPort = String(free.serving.metricsPort);
  await free[Symbol.asyncDispose]();
  const flags = { models: folder.path, "metrics-port": metricsPort };
  const taken = openPuppetServing({
    flags: { ...flags, "http-port": String(first.serving.httpPort) },
  });
  await expect(taken).rejects.toThrow(
    `--http-port ${first.serving.httpPort} is taken on 127.0.0.1: give another, or off`,
  );
  await using second = await openPuppetServing({ flags });
  expect(second.serving.metricsPort).toBe(Number(metricsPort));
});

test("what went wrong is logged under the request's id", async () => {
  await using folder = await openModelsFolder("music/1");
  await using server = await openPuppetServing({ flags: { models: folder.path } });
  await server.serving.started;
  const url = `http://127.0.0.1:${server.serving.httpPort}/v1/models/films`;
  await fetch(url, { headers: { "x-request-id": "trace-me" } });
  const line = server.logLines.find((one) => one.includes("trace-me"));
  expect(JSON.parse(line!)).toMatchObject({
    message: "call failed",
    requestId: "trace-me",
    route: "/v1/models/{model}",
    error: { code: "NOT_FOUND" },
  });
});

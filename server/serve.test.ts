import { join } from "node:path";
import { expect, test } from "vitest";
import { ListModelsResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../proto/gen/grpc/health/v1/health.ts";
import { Code } from "../proto/serving-error.ts";
import { deferred } from "../transport/contract/deferred.contract.ts";
import { openModelsFolder, openPuppetServing } from "./puppet-serving.ts";

test("a folder of models: listed, healthy, measured and answering", async () => {
  await using folder = await openModelsFolder("music/1", "music/2", "films/1", "broken/1");
  await using server = await openPuppetServing({ flags: { models: folder.path } });
  await server.serving.started;
  expect(await server.recommend("music")).toMatchObject({
    items: [{ id: "ana" }],
    served: { model: "music", modelVersion: "2", backend: "cpu-qint8" },
  });
  for (const name of ["", "live", "music", "films"])
    expect(await server.health(name)).toBe(ServingStatus.SERVING);
  await expect(server.health("broken")).rejects.toMatchObject({ code: Code.NOT_FOUND });
  const path = "/crossfade.v1.RecommenderService/ListModels";
  const { models } = ListModelsResponse.decode(await server.channel.unary(path, Buffer.alloc(0)));
  expect(models).toMatchObject([
    { model: "films", version: "1", isDefault: true, ready: true, itemCount: 12 },
    { model: "music", version: "2", isDefault: true, ready: true, variant: "qint8" },
    { model: "music", version: "1", isDefault: false, ready: true, backend: "cpu-qint8" },
  ]);
});

test("what it measures", async () => {
  await using folder = await openModelsFolder("music/1", "broken/1");
  await using server = await openPuppetServing({ flags: { models: folder.path } });
  await server.serving.started;
  await server.recommend("music");
  const { text } = await server.page("/metrics");
  const by = 'model="music",version="1",backend="cpu-qint8"';
  for (const line of [
    `crossfade_model_info{${by},family="two-tower",variant="qint8"} 1`,
    `crossfade_run_seconds_count{${by}} 1`,
    'crossfade_model_loads_total{result="failed"} 1',
  ])
    expect(text).toContain(line);
  expect(text).toMatch(/grpc_server_handled_total\{.*grpc_method="Recommend",grpc_code="OK"\} 1/);
  expect(text).not.toContain("ana");
});

test("it listens before the models are loaded, alive and not ready", async () => {
  await using folder = await openModelsFolder("music/1");
  const gate = deferred();
  await using server = await openPuppetServing({
    flags: { models: folder.path },
    beforeLoad: () => gate.promise,
  });
  expect(await server.health("live")).toBe(ServingStatus.SERVING);
  expect(await server.health("")).toBe(ServingStatus.NOT_SERVING);
  expect((await server.page("/readyz")).status).toBe(503);
  await expect(server.recommend("music")).rejects.toMatchObject({ code: Code.NOT_FOUND });
  gate.resolve();
  await server.serving.started;
  expect(await server.health("")).toBe(ServingStatus.SERVING);
  expect((await server.page("/readyz")).status).toBe(200);
  await server.recommend("music");
});

test("versions replace each other under traffic without a failed call", async () => {
  await using folder = await openModelsFolder("music/0");
  await using server = await openPuppetServing({ flags: { models: folder.path } });
  await server.serving.started;
  const done = new AbortController();
  const seen = new Set<string>();
  const caller = async () => {
    while (!done.signal.aborted) {
      const { served } = await server.recommend("music");
      seen.add(served!.modelVersion);
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  for (let version = 1; version <= 20; version += 1) {
    await folder.put(`music/${version}`);
    await expect.poll(() => seen.has(String(version)), { interval: 1 }).toBe(true);
  }
  done.abort();
  await Promise.all(callers);
  expect(seen.size).toBe(21);
  const open = () => [...server.puppets.values()].filter((one) => one.isReady("music", ""));
  await expect.poll(open).toHaveLength(2);
});

test("a single bundle", async () => {
  const flags = { bundle: join("somewhere", "music", "7") };
  await using server = await openPuppetServing({ flags });
  await server.serving.started;
  expect((await server.recommend("music")).served!.modelVersion).toBe("7");
});

test.each([
  ["a bundle that cannot be loaded", { bundle: "/broken/1" }, "checksum"],
  ["a folder of models that is not there", { models: "/no/such/folder" }, "ENOENT"],
])("%s ends the start", async (_, flags, complaint) => {
  await using server = await openPuppetServing({ flags });
  await expect(server.serving.started).rejects.toThrow(complaint);
  expect(await server.health("")).toBe(ServingStatus.NOT_SERVING);
});

test("a taken port is refused, and the metrics port given back", async () => {
  await using folder = await openModelsFolder();
  await using first = await openPuppetServing({ flags: { models: folder.path } });
  const free = await openPuppetServing({ flags: { models: folder.path } });
  const metricsPort = String(free.serving.metricsPort);
  await free[Symbol.asyncDispose]();
  const flags = { models: folder.path, "metrics-port": metricsPort };
  const taken = openPuppetServing({ flags: { ...flags, port: String(first.serving.port) } });
  await expect(taken).rejects.toThrow(
    `--port ${first.serving.port} is taken on 127.0.0.1: give another`,
  );
  await using second = await openPuppetServing({ flags });
  expect(second.serving.metricsPort).toBe(Number(metricsPort));
});

test("on a unix socket, without metrics", async () => {
  await using folder = await openModelsFolder("music/1");
  const host = `unix:${folder.path}/grpc.sock`;
  const flags = { models: folder.path, host, "metrics-port": "off" };
  await using server = await openPuppetServing({ flags });
  await server.serving.started;
  expect(server.serving).toMatchObject({ address: host, port: 0, metricsPort: undefined });
  await server.recommend("music");
});

test("hostile calls get their status and the server goes on", async () => {
  await using folder = await openModelsFolder("music/1");
  const flags = { models: folder.path, "max-message-bytes": "2KiB" };
  await using server = await openPuppetServing({ flags });
  await server.serving.started;
  const path = "/crossfade.v1.RecommenderService/Recommend";
  const attempts: [string, Buffer, Code][] = [
    ["/crossfade.v1.Nope/Recommend", Buffer.alloc(0), Code.UNIMPLEMENTED],
    [path, Buffer.alloc(2_049), Code.RESOURCE_EXHAUSTED],
    [path, Buffer.alloc(100), Code.INVALID_ARGUMENT],
    [path, Buffer.from([0xff, 0xff, 0xff, 0xff]), Code.INVALID_ARGUMENT],
    [path, Buffer.from("\x0a\x05music\x12\x01a\x12\x01b"), Code.INVALID_ARGUMENT],
  ];
  for (const [target, bytes, code] of attempts) {
    await expect(server.channel.unary(target, bytes)).rejects.toMatchObject({ code });
    await server.recommend("music");
  }
  expect(server.logLines.filter((line) => line.includes("by a bug"))).toEqual([]);
});

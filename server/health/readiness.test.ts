import { expect, test } from "vitest";
import { createHost } from "../../backends/host.ts";
import { createPuppet } from "../../backends/puppet.ts";
import { createReadiness, type ReadinessOptions } from "./readiness.ts";

async function twoModels(options: ReadinessOptions = {}) {
  const host = createHost();
  const music = createPuppet({ model: "music", version: "1" });
  const films = createPuppet({ model: "films", version: "1" });
  const readiness = createReadiness(host, () => host.list().map(({ model }) => model), options);
  return {
    host,
    music,
    films,
    readiness,
    tells: () => Object.fromEntries(readiness.health.list()),
  };
}

test("from the start: alive, not ready; ready when the first look is over and a model answers", async () => {
  const { host, music, readiness, tells } = await twoModels();
  expect(tells()).toEqual({ "": "NOT_SERVING", live: "SERVING" });
  await host.add({ model: "music", version: "1", backend: music });
  readiness.refresh();
  expect(tells()).toEqual({ "": "NOT_SERVING", live: "SERVING", music: "SERVING" });
  readiness.started();
  expect(tells()).toEqual({ "": "SERVING", live: "SERVING", music: "SERVING" });
  await host.close();
});

test("with nothing to serve it is not ready", async () => {
  const { readiness, tells } = await twoModels();
  readiness.started();
  expect(readiness.isReady()).toBe(false);
  expect(tells()[""]).toBe("NOT_SERVING");
});

test("one model that cannot answer is unhealthy alone", async () => {
  const { host, music, films, readiness, tells } = await twoModels();
  await host.add({ model: "music", version: "1", backend: music });
  await host.add({ model: "films", version: "1", backend: films });
  readiness.started();
  films.setReady(false);
  readiness.refresh();
  expect(tells()).toMatchObject({ "": "SERVING", music: "SERVING", films: "NOT_SERVING" });
  await host.close();
});

test("draining is for good: alive, not ready, no model serving", async () => {
  const { host, music, readiness, tells } = await twoModels();
  await host.add({ model: "music", version: "1", backend: music });
  readiness.started();
  readiness.drain();
  readiness.started();
  expect(tells()).toEqual({ "": "NOT_SERVING", live: "SERVING", music: "NOT_SERVING" });
  await host.close();
});

test("tells of a model that can no longer answer, and of its return, once each", async () => {
  const told: [string, boolean][] = [];
  const changed = (model: string, ready: boolean) => told.push([model, ready]);
  const { host, music, films, readiness } = await twoModels({ changed });
  for (const [model, backend] of Object.entries({ music, films }))
    await host.add({ model, version: "1", backend });
  readiness.started();
  expect(told).toEqual([]);
  await music.close();
  readiness.refresh();
  readiness.refresh();
  expect(told).toEqual([["music", false]]);
  await host.add({
    model: "music",
    version: "1",
    backend: createPuppet({ model: "music", version: "1" }),
  });
  readiness.refresh();
  expect(told).toEqual([
    ["music", false],
    ["music", true],
  ]);
  readiness.drain();
  readiness.refresh();
  expect(told).toHaveLength(2);
  await host.close();
});

test("a model of two versions is told of once; that it answers for the first time is no return", async () => {
  const told: [string, boolean][] = [];
  const changed = (model: string, ready: boolean) => told.push([model, ready]);
  const { host, music, readiness } = await twoModels({ changed });
  const newer = createPuppet({ model: "music", version: "2" });
  music.setReady(false);
  newer.setReady(false);
  await host.add({ model: "music", version: "1", backend: music });
  await host.add({ model: "music", version: "2", backend: newer });
  expect(host.list()).toHaveLength(2);
  readiness.started();
  newer.setReady(true);
  readiness.refresh();
  expect(told).toEqual([]);
  newer.setReady(false);
  readiness.refresh();
  expect(told).toEqual([["music", false]]);
  newer.setReady(true);
  readiness.refresh();
  expect(told).toEqual([
    ["music", false],
    ["music", true],
  ]);
  await host.close();
});

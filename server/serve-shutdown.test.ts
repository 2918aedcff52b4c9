import { expect, test } from "vitest";
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../proto/gen/grpc/health/v1/health.ts";
import { Code } from "../proto/serving-error.ts";
import { deferred } from "../transport/contract/deferred.contract.ts";
import type { Channel } from "../transport/transport.ts";
import { openModelsFolder, openPuppetServing } from "./puppet-serving.ts";

/** All statuses until the stream ends, however it ends. */
async function watchToTheEnd(channel: Channel, service: string): Promise<ServingStatus[]> {
  async function* requests() {
    yield HealthCheckRequest.encode({ service }).finish();
  }
  const statuses: ServingStatus[] = [];
  try {
    for await (const reply of channel.stream("/grpc.health.v1.Health/Watch", requests()))
      statuses.push(HealthCheckResponse.decode(reply).status);
  } catch {
    return statuses;
  }
  return statuses;
}

test("not ready at once, calls in flight finish, then nobody is served", async () => {
  await using folder = await openModelsFolder("music/1");
  const flags = { models: folder.path, "drain-delay-ms": "200", "drain-ms": "1min" };
  await using server = await openPuppetServing({ flags });
  const { channel, serving, puppets } = server;
  await serving.started;
  const puppet = puppets.get("music/1")!;
  puppet.hang();
  const reply = server.recommend("music", { deadlineMs: performance.now() + 20_000 });
  await expect.poll(() => puppet.waiting.length).toBe(1);
  const watched = watchToTheEnd(channel, "");
  const closing = serving.close();
  expect(await server.health("")).toBe(ServingStatus.NOT_SERVING);
  expect(await server.health("live")).toBe(ServingStatus.SERVING);
  expect((await server.page("/readyz")).status).toBe(503);
  // The watch ends when connections are told to go, and holds nothing up.
  expect((await watched).at(-1)).toBe(ServingStatus.NOT_SERVING);
  expect(puppet.isReady("music", "1")).toBe(true);
  puppet.answerNext();
  expect((await reply).items[0]!.id).toBe("ana");
  await closing;
  expect(puppet.isReady("music", "1")).toBe(false);
  await expect(server.recommend("music")).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

test("calls that outlast the drain are cut, and the shutdown ends all the same", async () => {
  await using folder = await openModelsFolder("music/1");
  await using server = await openPuppetServing({
    flags: { models: folder.path, "drain-ms": "20ms" },
  });
  await server.serving.started;
  const puppet = server.puppets.get("music/1")!;
  puppet.hang();
  const reply = server
    .recommend("music", { deadlineMs: performance.now() + 20_000 })
    .catch((error: unknown) => error);
  await expect.poll(() => puppet.waiting.length).toBe(1);
  await server.serving.close();
  expect(await reply).toMatchObject({
    code: expect.toBeOneOf([Code.UNAVAILABLE, Code.CANCELLED]),
  });
});

test("a load under way is told to give up, waited for, and what comes of it closed", async () => {
  await using folder = await openModelsFolder("music/1");
  const told = deferred<AbortSignal>();
  const gate = deferred();
  const server = await openPuppetServing({
    flags: { models: folder.path },
    async beforeLoad(signal) {
      told.resolve(signal);
      await gate.promise;
    },
  });
  const signal = await told.promise;
  const closed = server[Symbol.asyncDispose]();
  expect(signal.aborted).toBe(true);
  gate.resolve();
  await closed;
  expect(server.puppets.get("music/1")!.isReady("music", "1")).toBe(false);
});

test("a load that never ends does not keep the server", async () => {
  await using folder = await openModelsFolder("music/1");
  const loading = deferred();
  const server = await openPuppetServing({
    flags: { models: folder.path, "drain-ms": "20ms" },
    beforeLoad() {
      loading.resolve();
      return new Promise(() => {});
    },
  });
  await loading.promise;
  await server[Symbol.asyncDispose]();
  expect(server.logLines.join("")).toContain("models did not close in time");
});

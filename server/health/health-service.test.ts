import { expect, test } from "vitest";
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthListResponse,
} from "../../proto/gen/grpc/health/v1/health.ts";
import { Code } from "../../proto/serving-error.ts";
import { openChannel, startServer } from "../../transport/open.ts";
import { healthService } from "./health-service.ts";
import { createHealth } from "./health.ts";

const asking = (service: string) => HealthCheckRequest.encode({ service }).finish();

async function open() {
  const health = createHealth();
  const closing = new AbortController();
  const server = await startServer(healthService(health, closing.signal));
  const channel = openChannel(server.address);
  return {
    health,
    closing,
    async check(service: string) {
      const reply = await channel.unary("/grpc.health.v1.Health/Check", asking(service));
      return HealthCheckResponse.decode(reply).status;
    },
    async list() {
      const reply = await channel.unary("/grpc.health.v1.Health/List", Buffer.alloc(0));
      return HealthListResponse.decode(reply).statuses;
    },
    async *watch(service: string) {
      const requests = (async function* () {
        yield asking(service);
      })();
      for await (const reply of channel.stream("/grpc.health.v1.Health/Watch", requests)) {
        yield HealthCheckResponse.decode(reply).status;
      }
    },
    async [Symbol.asyncDispose]() {
      channel.close();
      await server.close(1_000);
    },
  };
}

const statuses = (entries: Record<string, boolean>) => new Map(Object.entries(entries));

test("Check tells the status of each name, and of unknown names that they are", async () => {
  await using service = await open();
  service.health.update(statuses({ "": false, live: true, music: true }));
  expect(await service.check("")).toBe(ServingStatus.NOT_SERVING);
  expect(await service.check("live")).toBe(ServingStatus.SERVING);
  expect(await service.check("music")).toBe(ServingStatus.SERVING);
  await expect(service.check("films")).rejects.toMatchObject({
    code: Code.NOT_FOUND,
    message: expect.stringContaining('"music"'),
  });
});

test("List tells all of them", async () => {
  await using service = await open();
  service.health.update(statuses({ "": true, music: false }));
  expect(await service.list()).toEqual({
    "": { status: ServingStatus.SERVING },
    music: { status: ServingStatus.NOT_SERVING },
  });
});

test("Watch tells changes only, from unknown to known and back", async () => {
  await using service = await open();
  service.health.update(statuses({ "": true }));
  const watch = service.watch("music");
  expect((await watch.next()).value).toBe(ServingStatus.SERVICE_UNKNOWN);
  const next = watch.next();
  service.health.update(statuses({ "": false }));
  service.health.update(statuses({ "": false, music: false }));
  expect((await next).value).toBe(ServingStatus.NOT_SERVING);
  service.health.update(statuses({ "": true, music: true }));
  expect((await watch.next()).value).toBe(ServingStatus.SERVING);
  service.health.update(statuses({ "": true }));
  expect((await watch.next()).value).toBe(ServingStatus.SERVICE_UNKNOWN);
  await watch.return();
});

test("a Watch that falls behind hears the latest", async () => {
  await using service = await open();
  service.health.update(statuses({ music: false }));
  const watch = service.watch("music");
  await watch.next();
  for (let i = 0; i < 1_001; i += 1) service.health.update(statuses({ music: i % 2 === 0 }));
  let last: unknown;
  do last = (await watch.next()).value;
  while (last !== ServingStatus.SERVING);
  await watch.return();
});

test("a Watch ends when the server closes, so that nothing waits for it", async () => {
  await using service = await open();
  service.health.update(statuses({ "": true }));
  const watch = service.watch("");
  await watch.next();
  const next = watch.next();
  service.closing.abort();
  await expect(next).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

test("malformed requests are refused and the service goes on", async () => {
  await using service = await open();
  service.health.update(statuses({ "": true }));
  const server = await startServer(healthService(service.health, service.closing.signal));
  using channel = openChannel(server.address);
  const check = channel.unary("/grpc.health.v1.Health/Check", Buffer.from([0x0a, 0x7f]));
  await expect(check).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  expect(await channel.unary("/grpc.health.v1.Health/Check", Buffer.alloc(0))).toHaveLength(2);
  channel.close();
  await server.close(1_000);
});

test("names of more than 256 bytes are refused: a Watch would keep them", async () => {
  await using service = await open();
  const refused = { code: Code.INVALID_ARGUMENT, message: expect.stringMatching(/257.*256/) };
  await expect(service.check("é".repeat(128) + "x")).rejects.toMatchObject(refused);
  await expect(service.watch("a".repeat(257)).next()).rejects.toMatchObject(refused);
  const watch = service.watch("a".repeat(256));
  expect((await watch.next()).value).toBe(ServingStatus.SERVICE_UNKNOWN);
  await watch.return();
});

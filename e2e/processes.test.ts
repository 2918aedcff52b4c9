import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Code, type ServingError } from "../proto/serving-error.ts";
import { askAdmin, changeByAdmin } from "../scripts/chaos/ask-admin.ts";
import { openChannel } from "../transport/open.ts";
import type { Channel } from "../transport/transport.ts";
import { recommend } from "./calls.fixture.ts";
import { runCrossfade, type Running } from "./run-crossfade.fixture.ts";
import { armsOf, model, openTwoVersions, type TwoVersions } from "./two-versions.fixture.ts";

const patient = { timeout: 15_000, interval: 50 };
const free = ["port", "http-port", "metrics-port", "admin-port", "admin-http-port"].flatMap(
  (name) => [`--${name}`, "0"],
);
let scene: TwoVersions;
let states = 0;

beforeAll(async () => {
  scene = await openTwoVersions();
});
afterAll(() => scene[Symbol.asyncDispose]());

function route(...flags: readonly string[]): Running {
  states += 1;
  const state = join(scene.folder.path, `state-${states}`);
  return runCrossfade(["route", ...scene.flags, "--state", state, ...flags]);
}

function workersOf({ log }: Running): readonly number[] {
  return log
    .filter((line) => line.includes('"worker listening"'))
    .map((line) => (JSON.parse(line) as { pid: number }).pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** So many, one after the other: they go round among the workers. */
async function connect(address: string, count: number): Promise<readonly Channel[]> {
  const channels: Channel[] = [];
  for (let i = 0; i < count; i += 1) {
    const channel = openChannel(address);
    await recommend(channel, { model, userId: "first" });
    channels.push(channel);
  }
  return channels;
}

function close(channels: readonly Channel[]): void {
  for (const channel of channels) channel.close();
}

async function valueOf(port: number, series: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = page.split("\n").find((one) => one.startsWith(series));
  return Number(line?.split(" ").at(-1));
}

test("three processes are one router: who has which arm, changes, counts; killed ones come back", async () => {
  await using router = route(...free, "--processes", "3");
  const { grpc, adminHttpPort, metricsPort, httpPort } = await router.logged("listening");
  const [address, admin, metrics] = [String(grpc), Number(adminHttpPort), Number(metricsPort)];
  const isReady = async () => (await fetch(`http://127.0.0.1:${metrics}/readyz`)).ok;
  await vi.waitUntil(isReady, patient);
  expect(workersOf(router)).toHaveLength(3);
  let channels = await connect(address, 6);
  const all = (users: number) =>
    Promise.all(channels.map((channel) => armsOf(channel, users).then((arms) => arms.join())));

  const agreed = await all(1_000);
  expect(agreed[0]).toContain("canary");
  expect(new Set(agreed).size).toBe(1);
  expect((await fetch(`http://127.0.0.1:${Number(httpPort)}/v1/models`)).ok).toBe(true);

  // Answered means that every process goes by it.
  const body = { basisPoints: { canary: 10_000 } };
  await changeByAdmin({ port: admin, model, verb: "setWeights", body });
  expect(new Set((await all(100)).join().split(","))).toEqual(new Set(["canary"]));
  const lower = { arm: "canary", basisPoints: 0, ttlMs: "60000" };
  const lowered = await askAdmin({ port: admin, model, verb: "lowerArm", body: lower });
  expect(lowered.status).toBe(200);
  expect(new Set((await all(100)).join().split(","))).toEqual(new Set(["stable"]));

  const rows = 'crossfade_router_rows_total{model="toy",arm="stable",reason="bucket",code="OK"}';
  const counted = await valueOf(metrics, rows);
  expect(counted).toBeGreaterThan(6 * 100);
  process.kill(workersOf(router)[0]!, "SIGKILL");
  await vi.waitUntil(() => workersOf(router).length === 4, patient);
  close(channels);
  channels = await connect(address, 6);
  expect(new Set((await all(100)).join().split(","))).toEqual(new Set(["stable"]));
  expect(await isReady()).toBe(true);
  await vi.waitUntil(async () => (await valueOf(metrics, rows)) >= counted + 600, patient);
  expect(await valueOf(metrics, 'crossfade_router_revision{model="toy"}')).toBe(2);
  const status = await fetch(`http://127.0.0.1:${admin}/v1/rollouts/${model}`);
  expect(await status.json()).toMatchObject({
    routers: [{ revision: "2", lowered: { arm: "canary" }, contradictions: "0" }],
  });

  // Draining: whoever is refused is refused as "try elsewhere".
  const refusals: ServingError[] = [];
  let answered = 0;
  const callUntilGone = async (channel: Channel) => {
    try {
      while (true) {
        await recommend(channel, { model, userId: "any" });
        answered += 1;
        if (answered >= 200 && !router.child.killed) router.child.kill("SIGTERM");
      }
    } catch (error) {
      refusals.push(error as ServingError);
    }
  };
  await Promise.all(channels.map(callUntilGone));
  close(channels);
  expect(await router.exited).toBe(0);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set([Code.UNAVAILABLE]));
  expect(workersOf(router).filter(isAlive)).toEqual([]);
});

test("on a unix socket; without their primary the workers end by themselves", async () => {
  const socket = `unix:${join(scene.folder.path, "router.sock")}`;
  await using router = route(...free, "--processes", "2", "--host", socket);
  expect(await router.logged("listening")).toMatchObject({ grpc: socket });
  const channels = await connect(socket, 2);
  close(channels);
  router.child.kill("SIGKILL");
  await vi.waitUntil(() => !workersOf(router).some(isAlive), patient);
});

test("a second signal ends all at once", async () => {
  await using router = route(...free, "--processes", "2", "--drain-delay-ms", "1h");
  await router.logged("listening");
  router.child.kill("SIGTERM");
  await router.logged("draining");
  router.child.kill("SIGTERM");
  expect(await router.exited).toBe(143);
  await vi.waitUntil(() => !workersOf(router).some(isAlive), patient);
});

test("a port that is in use: exit code 1, and why", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await using router = route(...free.slice(2), "--port", `${port}`, "--processes", "2");
  expect(await router.exited).toBe(1);
  expect(router.log.join("\n")).toContain(`--port ${port} is taken on 127.0.0.1: give another`);
  other.close();
});

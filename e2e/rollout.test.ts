import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Distribution } from "../router/distribution.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "../router/store/redis/redis.fixture.ts";
import { askAdmin, changeByAdmin } from "../scripts/chaos/ask-admin.ts";
import { openModelsFolder, openPuppetServing } from "../server/puppet-serving.ts";
import { openChannel } from "../transport/open.ts";
import { openRouter, type OpenRouter } from "./open-router.fixture.ts";
import { runCrossfade } from "./run-crossfade.fixture.ts";
import {
  armsOf,
  firstDocument,
  model,
  openTwoVersions,
  type TwoVersions,
} from "./two-versions.fixture.ts";

/** Admin calls are limited: 20 a second. */
const patient = { timeout: 15_000, interval: 100 };
let scene: TwoVersions;
let states = 0;

beforeAll(async () => {
  scene = await openTwoVersions();
});
afterAll(() => scene[Symbol.asyncDispose]());

/** A folder of its own. */
function stateFlags(): readonly string[] {
  states += 1;
  return ["--state", join(scene.folder.path, `state-${states}`)];
}

function open(...flags: readonly string[]): Promise<OpenRouter> {
  return openRouter([...scene.flags, ...flags]);
}

function set(router: OpenRouter, canary: number) {
  return askAdmin({
    port: router.routes.adminHttpPort!,
    model,
    verb: "setWeights",
    body: { basisPoints: { canary } },
  });
}

interface Status {
  readonly store: string;
  readonly rollout: { readonly revision: string; readonly distribution: Distribution };
  readonly routers: readonly { readonly router: string; readonly revision: string }[];
}

async function statusOf(router: OpenRouter): Promise<Status> {
  const response = await fetch(
    `http://127.0.0.1:${router.routes.adminHttpPort}/v1/rollouts/${model}`,
  );
  return (await response.json()) as Status;
}

/** Until all of its users are in this arm. */
async function untilAll(router: OpenRouter, arm: string): Promise<void> {
  await vi.waitUntil(
    async () => (await armsOf(router.channel, 50)).every((one) => one === arm),
    patient,
  );
}

describe("with nothing but a folder", () => {
  test("a change is effective when it is answered, and a restart keeps it, whatever the file says", async () => {
    const state = stateFlags();
    {
      await using router = await open(...state);
      expect(new Set(await armsOf(router.channel, 200))).toEqual(new Set(["stable", "canary"]));
      expect(await set(router, 10_000)).toMatchObject({ status: 200, json: { newRevision: "2" } });
      expect(new Set(await armsOf(router.channel, 200))).toEqual(new Set(["canary"]));
    }
    await using again = await open(...state);
    expect(new Set(await armsOf(again.channel, 200))).toEqual(new Set(["canary"]));
    expect(again.logged.join("")).toContain("the store's rollout holds");
    expect(await statusOf(again)).toMatchObject({
      store: "STORE_STATE_OK",
      rollout: { revision: "2", changed: { verb: "set weight", reason: "a test" } },
      routers: [{ revision: "2" }],
    });
  });

  test("kill -9 keeps it", async () => {
    const ports = ["port", "http-port", "metrics-port", "admin-port", "admin-http-port"];
    const free = ports.flatMap((name) => [`--${name}`, "0"]);
    const args = ["route", ...scene.flags, ...free, ...stateFlags()];
    {
      await using killed = runCrossfade(args);
      const { adminHttpPort } = await killed.logged("listening");
      const body = { basisPoints: { canary: 10_000 } };
      await changeByAdmin({ port: Number(adminHttpPort), model, verb: "setWeights", body });
    }
    await using again = runCrossfade(args);
    const { grpc } = await again.logged("listening");
    const channel = openChannel(String(grpc));
    await vi.waitUntil(
      async () => (await armsOf(channel, 50)).every((arm) => arm === "canary"),
      patient,
    );
    channel.close();
  });

  test("a second router in the same folder is refused, and told what to do", async () => {
    const state = stateFlags();
    await using _ = await open(...state);
    await expect(open(...state)).rejects.toThrow("--state");
  });

  test("a snapshot that was altered is not used, and the start goes on", async () => {
    const state = stateFlags();
    await (await open(...state))[Symbol.asyncDispose]();
    await writeFile(join(state[1]!, "snapshot.json"), "{}");
    await using again = await open(...state);
    expect(again.logged.join("")).toContain("snapshot not used");
    expect(await statusOf(again)).toMatchObject({ rollout: { revision: "1" } });
  });
});

test("a server routes between its own versions when it is told how", async () => {
  await using models = await openModelsFolder(`${model}/1`, `${model}/2`);
  const [, state] = stateFlags();
  const [, file] = scene.flags.slice(-2);
  const flags = {
    models: models.path,
    distributions: file!,
    state: state!,
    "admin-http-port": "0",
  };
  await using served = await openPuppetServing({ flags });
  await served.serving.started;
  expect(new Set(await armsOf(served.channel, 200))).toEqual(new Set(["stable", "canary"]));
  const port = served.serving.adminHttpPort!;
  const body = { basisPoints: { canary: 0 } };
  expect(await changeByAdmin({ port, model, verb: "setWeights", body })).toBe(2);
  expect(new Set(await armsOf(served.channel, 200))).toEqual(new Set(["stable"]));
});

describe.skipIf(isRedisMissing)(`with Redis${whyNoRedis}`, () => {
  test("what one router is told, all go by; Redis may go, come back, and lose everything", async () => {
    await using redis = await startRedis();
    const store = ["--store", redis.url];
    const state = stateFlags();
    await using first = await open(...store, ...stateFlags(), "--router-name", "first");
    {
      await using second = await open(...store, ...state, "--router-name", "second");
      expect((await set(first, 10_000)).status).toBe(200);
      expect(new Set(await armsOf(first.channel, 100))).toEqual(new Set(["canary"]));
      await untilAll(second, "canary");
      expect(await armsOf(second.channel, 500)).toEqual(await armsOf(first.channel, 500));
      await vi.waitUntil(async () => (await statusOf(first)).routers.length === 2, patient);
    }

    // Down: what was routed by last is routed by still, also by a router that starts now.
    await redis.kill();
    await using second = await open(...store, ...state, "--router-name", "second");
    expect(new Set(await armsOf(second.channel, 100))).toEqual(new Set(["canary"]));
    expect(await statusOf(second)).toMatchObject({ store: "STORE_STATE_DOWN" });
    expect((await set(second, 0)).status).toBe(503);

    // Back, with what it held: all is well by itself.
    await redis.restart("kept");
    await vi.waitUntil(async () => (await set(second, 0)).status === 200, patient);
    await untilAll(first, "stable");
    await vi.waitUntil(async () => {
      const { rollout, routers } = await statusOf(first);
      return routers.every(({ revision }) => revision === rollout.revision);
    }, patient);
    const held = Number((await statusOf(first)).rollout.revision);

    // Back, with nothing: nobody goes back to what the files say, until somebody decides.
    await redis.kill();
    await redis.restart("empty");
    await vi.waitUntil(
      () => first.logged.join("").includes("the store lost what this router holds"),
      patient,
    );
    const refused = await set(first, 5_000);
    expect(refused.status).not.toBe(200);
    expect(JSON.stringify(refused.json)).toContain("adopt");
    expect(new Set(await armsOf(first.channel, 100))).toEqual(new Set(["stable"]));
    const adopted = await askAdmin({ port: first.routes.adminHttpPort!, model, verb: "adopt" });
    expect(adopted).toMatchObject({ status: 200, json: { newRevision: `${held + 1}` } });
    expect((await set(first, 10_000)).status).toBe(200);
    await untilAll(second, "canary");
  });

  test("what a folder knows of one store is not taken to another", async () => {
    await using redis = await startRedis();
    const state = stateFlags();
    {
      await using router = await open("--store", redis.url, ...state, "--router-name", "moved");
      for (const canary of [1_000, 10_000]) expect((await set(router, canary)).status).toBe(200);
    }
    await using router = await open(
      "--store",
      `${redis.url}/1`,
      ...state,
      "--router-name",
      "moved",
    );
    expect(router.logged.join("")).toContain("another store's");
    await vi.waitUntil(async () => (await statusOf(router)).rollout.revision === "1", patient);
    expect((await statusOf(router)).rollout.distribution).toMatchObject(firstDocument);
    expect((await set(router, 10_000)).status).toBe(200);
  });

  test("a router without a snapshot, while Redis is down: the document; then the store's word", async () => {
    await using redis = await startRedis();
    const flags = ["--store", redis.url, "--router-name", "third"];
    await redis.kill();
    await using router = await open(...flags, ...stateFlags());
    expect(new Set(await armsOf(router.channel, 200))).toEqual(new Set(["stable", "canary"]));
    expect((await statusOf(router)).routers).toMatchObject([{ revision: "0" }]);
    await redis.restart("empty");
    await vi.waitUntil(async () => (await statusOf(router)).rollout.revision === "1", patient);
    expect((await statusOf(router)).rollout.distribution).toMatchObject(firstDocument);
  });
});

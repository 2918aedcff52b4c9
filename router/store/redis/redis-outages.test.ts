import { describe, expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { startTcpProxy } from "../../../transport/tcp-proxy.ts";
import { verifyChain } from "../audit-chain.ts";
import { eventually } from "../eventually.contract.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import { openFollowed } from "./followed-store.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";

const unavailable = { code: Code.UNAVAILABLE };
const first = rolloutOf({ revision: 1 });
const second = rolloutOf({ revision: 2 });

describe.skipIf(isRedisMissing)(`the server goes away and comes back${whyNoRedis}`, () => {
  test("killed, and back with its data", async () => {
    // Synced each second, it may have written nothing yet where the disk is slow.
    await using redis = await startRedis({ config: ["appendfsync always"] });
    await using followed = await openFollowed(redis.url);
    const { store, now, written } = followed;
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    await redis.kill();
    await eventually(now).toMatchObject({ state: "down" });
    const writing = store.write(second, 1);
    await expect(writing).rejects.toMatchObject(unavailable);
    await expect(writing).rejects.toThrow(`the store ${redis.url} cannot be reached`);
    await redis.restart("kept");
    await eventually(now).toMatchObject({ state: "up" });
    await written(second, 1);
    await eventually(now).toEqual({ revision: 2, state: "up" });
    expect(verifyChain(await store.history("toy", { limit: 9 }), second)).toEqual([]);
  });

  test("killed, and back without: it is read as empty, and takes what routers held", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, now, written, told } = followed;
    await written(second, 0);
    await eventually(now).toEqual({ revision: 2, state: "up" });
    await redis.kill();
    await eventually(now).toMatchObject({ state: "down" });
    await redis.restart("empty");
    await eventually(() => told.read.at(-1)).toEqual([]);
    await expect(store.write(rolloutOf({ revision: 3 }), 2)).rejects.toThrow(
      "toy is not in the store, expected was revision 2: the store may have lost it",
    );
    await written(rolloutOf({ revision: 3 }), 0);
    await eventually(now).toEqual({ revision: 3, state: "up" });
  });

  test("it was away before the store was opened", async () => {
    await using redis = await startRedis();
    await redis.kill();
    await using followed = await openFollowed(redis.url);
    const { store, now, written, told } = followed;
    await eventually(() => told.states).toEqual(["down"]);
    expect(told.causes[0]).toMatchObject(unavailable);
    expect((told.causes[0] as Error).message).toContain("ECONNREFUSED");
    await expect(store.read("toy")).rejects.toMatchObject(unavailable);
    await redis.restart("kept");
    await eventually(() => told.states).toEqual(["down", "up"]);
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
  });

  test("stopped, it does not answer; what was written then may be done, and is done once", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, now, written } = followed;
    await written(first, 0);
    redis.freeze();
    const writing = store.write(second, 1);
    await expect(writing).rejects.toMatchObject(unavailable);
    await expect(writing).rejects.toThrow("did not answer in time");
    await eventually(now).toMatchObject({ state: "down" });
    redis.thaw();
    await eventually(now).toMatchObject({ state: "up" });
    await written(second, 1);
    await eventually(now).toEqual({ revision: 2, state: "up" });
    expect(await store.history("toy", { limit: 9 })).toHaveLength(2);
  });

  test("it takes no writes for a while, and then takes the one that was given up", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, now, written } = followed;
    await written(first, 0);
    await redis.ask("CLIENT", "PAUSE", "60000", "WRITE");
    await expect(store.write(second, 1)).rejects.toMatchObject(unavailable);
    expect(await store.read("toy")).toEqual(first);
    await redis.ask("CLIENT", "UNPAUSE");
    await written(second, 1);
    await eventually(now).toEqual({ revision: 2, state: "up" });
    expect(await store.history("toy", { limit: 9 })).toHaveLength(2);
  });
});

describe.skipIf(isRedisMissing)(`the way to the server fails${whyNoRedis}`, () => {
  test("a blackhole is noticed, and followed again when it ends", async () => {
    await using redis = await startRedis();
    await using proxy = await startTcpProxy(redis);
    await using followed = await openFollowed(`redis://${proxy.address}`);
    await using outside = await openFollowed(redis.url);
    await outside.written(first, 0);
    await eventually(followed.now).toEqual({ revision: 1, state: "up" });
    proxy.set({ blackhole: "all" });
    await eventually(followed.now).toMatchObject({ state: "down" });
    await expect(followed.store.list()).rejects.toMatchObject(unavailable);
    await outside.written(second, 1);
    proxy.set({});
    await eventually(followed.now).toEqual({ revision: 2, state: "up" });
    // Nothing is left of the connections that were given up.
    await eventually(() => proxy.connections).toBe(2);
  });

  test("where the reply alone is lost the write is done, and repeating it finds so", async () => {
    await using redis = await startRedis();
    await using proxy = await startTcpProxy(redis);
    await using followed = await openFollowed(`redis://${proxy.address}`, { pollMs: 1_000_000 });
    const { store, now, written } = followed;
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    await using outside = await openFollowed(redis.url);
    // What it asks before it writes is answered: whether the model is listed, and the newest hash.
    const answers = ":0\r\n".length + `$64\r\n${"0".repeat(64)}\r\n`.length;
    proxy.set({ cutAfterBytes: answers + 1 });
    await expect(store.write(second, 1)).rejects.toMatchObject(unavailable);
    expect(await outside.store.read("toy")).toEqual(second);
    proxy.set({});
    await written(second, 1);
    expect(await store.history("toy", { limit: 9 })).toHaveLength(2);
  });

  test("connections that are reset or cut in the middle of a reply", async () => {
    await using redis = await startRedis();
    await using proxy = await startTcpProxy(redis);
    await using followed = await openFollowed(`redis://${proxy.address}`);
    const { store, now } = followed;
    await eventually(now).toMatchObject({ state: "up" });
    for (let revision = 1; revision <= 5; revision++) {
      const rollout = rolloutOf({ revision });
      if (revision % 2 === 0) proxy.reset();
      else proxy.set({ cutAfterBytes: 3 * revision });
      await store.write(rollout, revision - 1).catch(() => {});
      proxy.set({});
      await eventually(async () => {
        await store.write(rollout, revision - 1);
        return now();
      }).toEqual({ revision, state: "up" });
    }
    expect(await store.history("toy", { limit: 9 })).toHaveLength(5);
  });

  test("when only the listening fails, polling goes on, and listening is taken up again", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { now, written, told } = followed;
    await eventually(() => told.notices).toEqual(["the store tells of changes by itself"]);
    await redis.ask("CLIENT", "KILL", "TYPE", "pubsub");
    await eventually(() => told.notices.length).toBe(3);
    expect(told.notices[1]).toContain("they are found by reading every 100 ms");
    expect(told.notices[2]).toBe("the store tells of changes by itself");
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    expect(told.states).toEqual(["up"]);
  });

  test("what is pushed comes without a poll, and what is no rollout makes it read", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url, { pollMs: 1_000_000 });
    const { now, written, told } = followed;
    await eventually(() => told.notices).toHaveLength(1);
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    const reads = told.read.length;
    await redis.ask("PUBLISH", "crossfade:0:rollouts", '{"format":1}');
    await eventually(() => told.read.length).toBeGreaterThan(reads);
    expect(told.states).toEqual(["up"]);
  });

  test("who may publish and no more changes nothing: what is kept is read", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url, { pollMs: 1_000_000 });
    const { now, written, told } = followed;
    await eventually(() => told.notices).toHaveLength(1);
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    const reads = told.read.length;
    const forged = rolloutOf({ revision: 1_000, salt: "mine" });
    await redis.ask("PUBLISH", "crossfade:0:rollouts", JSON.stringify(forged));
    await redis.ask("PUBLISH", "crossfade:0:rollouts", "toy");
    await redis.ask("PUBLISH", "crossfade:0:rollouts", "unheard-of");
    await eventually(() => told.read.length).toBeGreaterThan(reads);
    expect(now()).toEqual({ revision: 1, state: "up" });
    expect(told.rollouts.filter(({ distribution }) => distribution.salt === "mine")).toEqual([]);
    await written(second, 1);
    await eventually(now).toEqual({ revision: 2, state: "up" });
  });
});

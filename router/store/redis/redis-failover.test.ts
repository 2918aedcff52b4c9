import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { eventually } from "../eventually.contract.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import { overClient } from "./connection.ts";
import { openFollowed } from "./followed-store.fixture.ts";
import { startRedisCluster } from "./redis-cluster.fixture.ts";
import { startSentinelTrio } from "./redis-sentinel.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";

const first = rolloutOf({ revision: 1 });
const second = rolloutOf({ revision: 2 });
const third = rolloutOf({ revision: 3 });

describe.skipIf(isRedisMissing)(`another server takes over${whyNoRedis}`, () => {
  test("sentinels make the replica the master when it dies", async () => {
    await using trio = await startSentinelTrio();
    const [master, replica] = trio.servers;
    await using followed = await openFollowed(trio.url);
    const { store, now, written, told } = followed;
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    await eventually(() => replica.ask("HGET", "crossfade:{toy}:rollout", "revision")).toBe("1");
    await master.kill();
    await written(second, 1);
    expect(await replica.ask("HGET", "crossfade:{toy}:rollout", "revision")).toBe("2");
    await eventually(now).toEqual({ revision: 2, state: "up" });
    // Changes are pushed by the new one as well.
    await eventually(() => told.notices.at(-1)).toBe("the store tells of changes by itself");
    // The old one comes back, and thinks for a while that it is what it was.
    await master.restart("kept");
    await written(third, 2);
    await eventually(now).toEqual({ revision: 3, state: "up" });
    expect(await store.read("toy")).toEqual(third);
  });

  test("a master that others gave up is left, though it can still be reached", async () => {
    await using trio = await startSentinelTrio();
    const [master, replica] = trio.servers;
    await using followed = await openFollowed(trio.url, { isPushed: false });
    const { now, written } = followed;
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    // Sentinels that are away are no reason to be loud, and no reason to go.
    await trio.sentinels[0]!.kill();
    // Sentinels hold it to be down; whoever only reads and writes sees nothing of that.
    await master.ask("ACL", "SETUSER", "default", "-ping");
    await eventually(() => replica.ask("CLIENT", "LIST")).toContain("name=crossfade");
    await written(second, 1);
    expect(await replica.ask("HGET", "crossfade:{toy}:rollout", "revision")).toBe("2");
    await eventually(now).toEqual({ revision: 2, state: "up" });
  });

  test("a connection that was disturbed while it asked sentinels is not lost for good", async () => {
    await using redis = await startRedis();
    const watching = [`sentinel monitor main 127.0.0.1 ${redis.port} 1`];
    await using sentinel = await startRedis({ config: watching, isSentinel: true });
    const { port } = sentinel;
    const client = new Redis({ sentinels: [{ host: "127.0.0.1", port }], name: "main" });
    const connection = overClient(client, 200);
    client.disconnect(true);
    await new Promise<void>((resolve) => client.once("end", resolve));
    await eventually(() => connection.send("ping", [])).toBe("PONG");
    connection.close();
  });

  test("a server that became a replica takes no writes, and is left for one that does", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, now, written } = followed;
    await written(first, 0);
    await redis.ask("REPLICAOF", "127.0.0.1", "1");
    await expect(store.write(second, 1)).rejects.toThrow(
      "is a replica for now, nothing was changed",
    );
    await redis.ask("REPLICAOF", "NO", "ONE");
    await written(second, 1);
    await eventually(now).toEqual({ revision: 2, state: "up" });
  });

  test("a node of a cluster dies and comes back; the models of the others stay", async () => {
    await using cluster = await startRedisCluster();
    await using followed = await openFollowed(cluster.url, { timeoutMs: 1_000 });
    const { store, now, written } = followed;
    const models = ["a", "b", "c", "d", "e", "f"];
    for (const model of models) await written(rolloutOf({ model, revision: 1 }), 0);
    await eventually(() => models.map((model) => now(model).revision)).toEqual(models.map(() => 1));
    const [, victim] = cluster.nodes;
    await victim!.kill();
    await eventually(now).toMatchObject({ state: "down" });
    await victim!.restart("kept");
    await eventually(now).toMatchObject({ state: "up" });
    for (const model of models) await written(rolloutOf({ model, revision: 2 }), 1);
    await eventually(() => models.map((model) => now(model).revision)).toEqual(models.map(() => 2));
    expect(
      (await store.list()).rollouts.map(({ distribution }) => distribution.model).sort(),
    ).toEqual(models);
  });
});

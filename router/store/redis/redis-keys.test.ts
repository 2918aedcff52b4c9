import { describe, expect, test } from "vitest";
import { verifyChain } from "../audit-chain.ts";
import { eventually } from "../eventually.contract.ts";
import { reportOf, rolloutOf } from "../rollouts.fixture.ts";
import { openFollowed } from "./followed-store.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";

describe.skipIf(isRedisMissing)(`what is kept in Redis${whyNoRedis}`, () => {
  test("these keys and no others; what one model has lies together", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url, { keyPrefix: "prod" });
    await followed.written(rolloutOf(), 0);
    await followed.store.report(reportOf("router-0", 1));
    expect(((await redis.ask("KEYS", "*")) as string[]).sort()).toEqual([
      "prod:models",
      "prod:{reports}:heard",
      "prod:{reports}:latest",
      "prod:{toy}:audit",
      "prod:{toy}:rollout",
    ]);
    for (const key of ["prod:{reports}:heard", "prod:{reports}:latest"])
      expect(await redis.ask("PTTL", key)).toBeGreaterThan(0);
  });

  test("histories do not grow beyond their limits, in entries and in bytes", async () => {
    await using redis = await startRedis();
    const maxAuditBytes = 5_000;
    await using few = await openFollowed(redis.url, { maxAuditEntries: 3 });
    await using small = await openFollowed(redis.url, { maxAuditBytes, keyPrefix: "small" });
    for (let revision = 1; revision <= 20; revision++) {
      await few.written(rolloutOf({ revision }), revision - 1);
      await small.written(rolloutOf({ revision }), revision - 1);
    }
    await few.store.note(rolloutOf({ revision: 20 }));
    const entries = await few.store.history("toy", { limit: 99 });
    expect(entries).toHaveLength(3);
    expect(verifyChain(entries, await few.store.read("toy"))).toEqual([]);
    const sizes = (await small.store.history("toy", { limit: 99 })).map(
      (entry) => JSON.stringify(entry).length,
    );
    const sum = sizes.reduce((total, size) => total + size);
    expect(sum).toBeLessThanOrEqual(maxAuditBytes);
    expect(sum + sizes[0]!).toBeGreaterThan(maxAuditBytes);
    expect(await redis.ask("HGET", "small:{toy}:rollout", "auditBytes")).toBe(`${sum}`);
  });

  test("an entry larger than all that is allowed is kept alone", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url, { maxAuditBytes: 10 });
    for (let revision = 1; revision <= 3; revision++)
      await followed.written(rolloutOf({ revision }), revision - 1);
    expect(await followed.store.history("toy", { limit: 9 })).toHaveLength(1);
  });

  test("routers that are gone leave nothing", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url, { reportTtlMs: 200 });
    const { store } = followed;
    for (let router = 0; router < 20; router++) await store.report(reportOf(`router-${router}`, 1));
    await eventually(async () => {
      await store.report(reportOf("router-0", 1));
      return redis.ask("HLEN", "crossfade:{reports}:latest");
    }).toBe(1);
    await eventually(() => redis.ask("EXISTS", "crossfade:{reports}:latest")).toBe(0);
    expect(await redis.ask("EXISTS", "crossfade:{reports}:heard")).toBe(0);
  });

  test("a router whose report cannot be read is there, and confirms nothing", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store } = followed;
    const { models, ...report } = reportOf("router-1", 1);
    const newer = {
      ...report,
      mood: "good",
      models: { toy: { ...models["toy"]!, colour: "red" } },
    };
    await store.report(newer);
    const held = { ...models["toy"]!, rollout: { format: 2 } };
    const garbage = ["", "{", "[]", "null", '{"atMs":1,"models":{"toy":{"revision":"1"}}}'];
    for (const [i, json] of garbage.entries()) {
      await store.report(reportOf(`bad-${i}`, 1));
      await redis.ask("HSET", "crossfade:{reports}:latest", `bad-${i}`, json);
    }
    await store.report({ ...reportOf("held", 1), models: { toy: held } } as never);
    const found = new Map((await store.reports()).map((one) => [one.router, one]));
    const silentMs = expect.any(Number);
    expect(found.get("router-1")).toEqual({ ...newer, silentMs });
    expect(found.get("held")).toEqual({ ...reportOf("held", 1), silentMs });
    for (const i of garbage.keys())
      expect(found.get(`bad-${i}`)).toEqual({
        router: `bad-${i}`,
        atMs: 0,
        models: {},
        silentMs,
      });
  });

  test("what somebody altered or took out of the history is found", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, written } = followed;
    for (let revision = 1; revision <= 5; revision++)
      await written(rolloutOf({ revision }), revision - 1);
    const kept = await store.read("toy");
    const problems = async () => verifyChain(await store.history("toy", { limit: 9 }), kept);
    expect(await problems()).toEqual([]);
    const stream = "crossfade:{toy}:audit";
    await redis.ask("XDEL", stream, "3-0");
    expect(await problems()).toHaveLength(1);
    const [[, fields]] = (await redis.ask("XRANGE", stream, "5", "5")) as [[string, string[]]];
    await redis.ask("XDEL", stream, "5-0");
    expect(await problems()).toHaveLength(2);
    const forged = fields[3]!.replace("alice", "mallory");
    await redis.ask("XADD", stream, "5-1", "auditId", fields[1]!, "entry", forged);
    expect((await problems())[0]).toContain("was altered");
  });

  test("databases of one server do not hear of one another", async () => {
    await using redis = await startRedis();
    await using zero = await openFollowed(redis.url, { pollMs: 1_000_000 });
    await using one = await openFollowed(`${redis.url}/1`, { pollMs: 1_000_000 });
    await eventually(() => one.told.notices).toHaveLength(1);
    await zero.written(rolloutOf({ revision: 1 }), 0);
    await one.written(rolloutOf({ revision: 7 }), 0);
    await eventually(one.now).toEqual({ revision: 7, state: "up" });
    expect(one.told.rollouts.map(({ distribution }) => distribution.revision)).not.toContain(1);
    expect(await zero.store.read("toy")).toMatchObject({ distribution: { revision: 1 } });
  });
});

import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { eventually } from "../eventually.contract.ts";
import { reportOf, rolloutOf } from "../rollouts.fixture.ts";
import { parseStoreAddress } from "../store-address.ts";
import { openFollowed } from "./followed-store.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";
import { openRedisStore } from "./redis-store.ts";

const first = rolloutOf({ revision: 1 });
const second = rolloutOf({ revision: 2 });
const password = "hunter2/%@:\"'";

describe.skipIf(isRedisMissing)(`who may connect${whyNoRedis}`, () => {
  test("a wrong password or none is said, and stands in no error", async () => {
    const config = [`requirepass ${JSON.stringify(password)}`];
    await using redis = await startRedis({ config });
    await using right = await openFollowed(redis.url, { password });
    await right.written(first, 0);
    for (const wrong of [`${password}3`, undefined]) {
      await using followed = await openFollowed(redis.url, { password: wrong });
      await eventually(followed.now).toMatchObject({ state: "down" });
      const error: unknown = await followed.store.read("toy").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: Code.UNAVAILABLE });
      expect((error as Error).message).toContain(
        "refuses the user or the password: set CROSSFADE_STORE_PASSWORD",
      );
      const all = inspect([error, followed.told], { depth: Infinity, showHidden: true });
      expect(all).not.toContain("hunter2");
    }
  });

  test("a user by name; without the right to publish it still writes", async () => {
    await using redis = await startRedis();
    await redis.ask(
      "ACL",
      "SETUSER",
      "app",
      "on",
      ">secret",
      "~crossfade*",
      "+@all",
      "resetchannels",
    );
    const url = redis.url.replace("//", "//app@");
    await using followed = await openFollowed(url, { password: "secret" });
    await followed.written(first, 0);
    await eventually(followed.now).toEqual({ revision: 1, state: "up" });
    expect(followed.told.notices[0]).toContain("does not allow this user to do that");
    await redis.ask("ACL", "SETUSER", "app", "-evalsha", "-eval");
    await expect(followed.store.write(second, 1)).rejects.toThrow("does not allow this user");
  });

  test("a user who may do no more than the README says", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const [, rules] = /`(~crossfade:\* [^`]+)`/.exec(readme)!;
    await using redis = await startRedis();
    await redis.ask("ACL", "SETUSER", "app", "on", ">secret", ...rules!.split(" "));
    const url = redis.url.replace("//", "//app@");
    await using followed = await openFollowed(url, { password: "secret" });
    const { store, told, written } = followed;
    await written(first, 0);
    await store.note(rolloutOf({ revision: 1 }));
    await store.report(reportOf("router-0", 1));
    expect(await store.reports()).toHaveLength(1);
    await store.leave("router-0");
    expect(await store.history("toy", { limit: 9 })).toHaveLength(2);
    await eventually(followed.now).toEqual({ revision: 1, state: "up" });
    expect(told.notices).toEqual(["the store tells of changes by itself"]);
  });

  test("settings that cannot be", async () => {
    const address = parseStoreAddress("redis://127.0.0.1:1");
    for (const keyPrefix of ["", "a b", "a{b}"])
      await expect(openRedisStore({ address, keyPrefix })).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
      });
  });
});

describe.skipIf(isRedisMissing)(`what the server refuses or holds${whyNoRedis}`, () => {
  test("without memory it takes no writes, and keeps what it has", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, written } = followed;
    await written(first, 0);
    await redis.ask("CONFIG", "SET", "maxmemory", "1");
    const writing = store.write(second, 1);
    await expect(writing).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    await expect(writing).rejects.toThrow("takes no writes now, nothing was changed (OOM");
    expect(await store.read("toy")).toEqual(first);
    expect(await store.history("toy", { limit: 9 })).toHaveLength(1);
    await redis.ask("CONFIG", "SET", "maxmemory", "0");
    await written(second, 1);
    expect(await store.history("toy", { limit: 9 })).toHaveLength(2);
  });

  test("scripts that it has forgotten are sent again", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    await followed.written(first, 0);
    await redis.ask("SCRIPT", "FLUSH");
    await followed.store.write(second, 1);
    expect(await followed.store.read("toy")).toEqual(second);
  });

  test("a rollout that cannot be read is named; the others are followed, and it can be written anew", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    const { store, now, told, written } = followed;
    await written(first, 0);
    await eventually(now).toEqual({ revision: 1, state: "up" });
    const documents: readonly (readonly [string, keyof typeof Code, string])[] = [
      ["{", "DATA_LOSS", "the rollout of toy in the store is damaged"],
      ["{}", "INVALID_ARGUMENT", "the rollout of toy in the store has 4 problems"],
      ['{"format":2}', "FAILED_PRECONDITION", "which a newer Crossfade wrote"],
    ];
    for (const [i, [document, code, message]] of documents.entries()) {
      await redis.ask("HSET", "crossfade:{toy}:rollout", "document", document);
      await eventually(() => told.unreadable).toMatchObject([
        { model: "toy", why: { code: Code[code] } },
      ]);
      const listed = await store.list();
      expect(listed.unreadable).toMatchObject([{ model: "toy", why: { code: Code[code] } }]);
      expect(listed.rollouts.map(({ distribution }) => distribution.model)).toEqual(
        i === 0 ? [] : ["music"],
      );
      await expect(store.read("toy")).rejects.toThrow(message);
      const other = rolloutOf({ model: "music", revision: i + 1 });
      await written(other, i);
      await eventually(() => now("music")).toEqual({ revision: i + 1, state: "up" });
      await written(rolloutOf({ revision: i + 2 }), i + 1);
      await eventually(now).toEqual({ revision: i + 2, state: "up" });
      await eventually(() => told.unreadable).toEqual([]);
    }
    expect(told.states).toEqual(["up"]);
    await redis.ask("HSET", "crossfade:{toy}:rollout", "document", "{");
    await redis.ask("DEL", "crossfade:{toy}:rollout");
    await written(rolloutOf({ revision: 9 }), 0);
    expect(await store.read("toy")).toMatchObject({ distribution: { revision: 9 } });
  });

  test("keys that hold something else are said to", async () => {
    await using redis = await startRedis();
    await using followed = await openFollowed(redis.url);
    await redis.ask("SET", "crossfade:{toy}:audit", "mine");
    const writing = followed.store.write(first, 0);
    await expect(writing).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
    await expect(writing).rejects.toThrow("choose another key prefix");
    expect(await followed.store.read("toy")).toBeUndefined();
  });
});

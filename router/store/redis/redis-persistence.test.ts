import { describe, expect, test } from "vitest";
import { eventually } from "../eventually.contract.ts";
import { openFollowed } from "./followed-store.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";

const saysSo = (notices: readonly string[]) =>
  notices.filter((notice) => notice.startsWith("the store keeps nothing on its disk"));

describe.skipIf(isRedisMissing)(`what survives a restart of Redis${whyNoRedis}`, () => {
  test("nothing: that is said once, with what to set", async () => {
    await using redis = await startRedis({ config: ["appendonly no"] });
    await using followed = await openFollowed(redis.url);
    const { told } = followed;
    await eventually(() => saysSo(told.notices)).toHaveLength(1);
    expect(saysSo(told.notices)[0]).toContain('"appendonly yes"');
    await redis.kill();
    await eventually(() => told.states.at(-1)).toBe("down");
    await redis.restart("kept");
    await eventually(() => told.states.at(-1)).toBe("up");
    await followed.store.close();
    expect(saysSo(told.notices)).toHaveLength(1);
  });

  test.each([
    ["a log is kept", []],
    ["snapshots are", ["appendonly no", "save 3600 1"]],
    ["CONFIG is forbidden", ["appendonly no", 'rename-command CONFIG ""']],
  ])("nothing is said when %s", async (_, config) => {
    await using redis = await startRedis({ config });
    await using followed = await openFollowed(redis.url);
    await eventually(() => followed.told.states).toEqual(["up"]);
    // Waits for what was asked.
    await followed.store.close();
    expect(saysSo(followed.told.notices)).toEqual([]);
  });
});

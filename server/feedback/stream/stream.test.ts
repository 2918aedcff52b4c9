import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import {
  isRedisMissing,
  isValkeyMissing,
  startRedis,
  whyNoRedis,
  type RedisOptions,
  type RedisProcess,
} from "../../../router/store/redis/redis.fixture.ts";
import { parseStoreAddress } from "../../../router/store/store-address.ts";
import { eventOf, gather } from "../event.fixture.ts";
import { silentFeedbackMeter, type Kept } from "../feedback-meter.ts";
import { testFeedbackSink } from "../feedback-sink.contract.ts";
import { openStreamSource } from "./read-stream.ts";
import { openStream, type StreamOptions } from "./stream.ts";

const always: RedisOptions = { config: ["appendfsync always"] };

/** A server for all tests of a suite; each test has a stream of its own. */
function useRedis(options: RedisOptions) {
  let redis: RedisProcess;
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis(options);
  });
  afterAll(() => redis[Symbol.asyncDispose]());
  return {
    redis: () => redis,
    place: () => {
      const place = { address: parseStoreAddress(redis.url), key: `feedback-${count++}` };
      return {
        ...place,
        open: (more: Partial<StreamOptions> = {}) =>
          openStream({ ...place, syncMs: 0, timeoutMs: 500, ...more }),
        openSource: () => openStreamSource(place),
        async ids(onBad?: (where: string) => void): Promise<string[]> {
          await using source = await openStreamSource(place);
          const events = source.read({ sinceMs: 0, ...(onBad && { onBad }) });
          return (await gather(events)).map(({ eventId }) => eventId);
        },
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };
}

const refusal = (code: Code, why: string) => ({
  code,
  cause: expect.objectContaining({ message: expect.stringContaining(why) }),
});

describe.skipIf(isRedisMissing)(`synced before it answers${whyNoRedis}`, () => {
  const { redis, place } = useRedis(always);
  testFeedbackSink(async () => place());

  test("what is acknowledged survives kill -9, and what came meanwhile is refused", async () => {
    const here = place();
    const sink = await here.open({ timeoutMs: 1_000 });
    const kept: string[] = [];
    const send = async (number: number) => {
      await sink.append(eventOf(number));
      kept.push(`e${number}`);
    };
    let number = 0;
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20; i++) await send(number++);
      const under = Promise.allSettled(Array.from({ length: 200 }, () => send(number++)));
      await redis().kill();
      const ends = await under;
      const failures = ends.filter((end) => end.status === "rejected");
      for (const { reason } of failures) expect(reason).toMatchObject({ code: Code.UNAVAILABLE });
      await expect(send(number++)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
      await redis().restart("kept");
      await expect
        .poll(
          () =>
            send(number++).then(
              () => true,
              () => false,
            ),
          { timeout: 10_000 },
        )
        .toBe(true);
    }
    await sink.close();
    const found = await here.ids();
    expect(new Set(found).size).toBe(found.length);
    expect(kept.filter((id) => !found.includes(id))).toEqual([]);
    expect(kept.length).toBeGreaterThan(60);
  }, 30_000);

  test("a full stream refuses, and keeps what it has", async () => {
    const here = place();
    const told: Kept[] = [];
    const meter = { ...silentFeedbackMeter, kept: (kept: Kept) => void told.push(kept) };
    const sink = await here.open({ maxBytes: 20_000, meter });
    let number = 0;
    const append = async (): Promise<unknown> => {
      for (;;) await sink.append(eventOf(number++));
    };
    await expect(append()).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    await sink.close();
    expect(await here.ids()).toHaveLength(number - 1);
    expect(told.at(-1)).toMatchObject({ sink: "stream", maxBytes: 20_000 });
    expect(told.at(-1)!.bytes).toBeGreaterThan(10_000);
  });

  test("what is too old is removed", async () => {
    const here = place();
    await redis().ask("XADD", here.key, "1000-0", "event", "long ago");
    for (let i = 0; i < 300; i++)
      await redis().ask("XADD", here.key, `${2_000 + i}`, "event", "too");
    const sink = await here.open();
    await sink.append(eventOf(1));
    await sink.close();
    const bad: string[] = [];
    expect(await here.ids((where) => bad.push(where))).toEqual(["e1"]);
    // By whole nodes of a hundred.
    expect(bad.length).toBeLessThan(100);
  });

  test("what somebody else put there is told of", async () => {
    const here = place();
    const sink = await here.open();
    await sink.append(eventOf(1));
    const id = String(await redis().ask("XADD", here.key, "*", "name", "value"));
    await sink.append(eventOf(2));
    await sink.close();
    const bad: string[] = [];
    expect(await here.ids((where) => bad.push(where))).toEqual(["e1", "e2"]);
    expect(bad).toEqual([`entry ${id}`]);
  });

  test("something else under its name is refused", async () => {
    const here = place();
    await redis().ask("SET", here.key, "mine");
    const sink = await here.open();
    await expect(sink.append(eventOf(1))).rejects.toMatchObject(
      refusal(Code.UNAVAILABLE, "something else"),
    );
    await sink.close();
  });

  test("no memory left is told as such", async () => {
    const here = place();
    const sink = await here.open();
    await sink.append(eventOf(1));
    await redis().ask("CONFIG", "SET", "maxmemory", "1");
    const refused = sink.append(eventOf(2));
    await expect(refused).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    await redis().ask("CONFIG", "SET", "maxmemory", "0");
    await sink.append(eventOf(2));
    await sink.close();
    expect(await here.ids()).toEqual(["e1", "e2"]);
  });
});

describe.skipIf(isRedisMissing)(`a Redis that would lose it${whyNoRedis}`, () => {
  const { redis, place } = useRedis({});

  const settings: readonly (readonly [name: string, value: string, why: string])[] = [
    ["appendonly", "no", "appendonly is no: set it to yes"],
    ["maxmemory-policy", "allkeys-lru", "may remove all of it: set it to noeviction"],
  ];

  test.each(settings)("%s %s is refused, in so many words", async (name, value, why) => {
    await redis().ask("CONFIG", "SET", "appendfsync", "always");
    await redis().ask("CONFIG", "SET", "maxmemory", "1gb");
    const [, before] = (await redis().ask("CONFIG", "GET", name)) as [string, string];
    await redis().ask("CONFIG", "SET", name, value);
    const here = place();
    const sink = await here.open();
    await expect(sink.append(eventOf(1))).rejects.toMatchObject(refusal(Code.UNAVAILABLE, why));
    await redis().ask("CONFIG", "SET", name, before);
    await sink.append(eventOf(1));
    await sink.close();
    expect(await here.ids()).toEqual(["e1"]);
  });

  test("unless that is accepted", async () => {
    await redis().ask("CONFIG", "SET", "appendonly", "no");
    const here = place();
    const sink = await here.open({ ack: "received" });
    await sink.append(eventOf(1));
    await sink.close();
    expect(await here.ids()).toEqual(["e1"]);
    await redis().ask("CONFIG", "SET", "appendonly", "yes");
  });

  test("one that is not there", async () => {
    await using gone = await startRedis();
    await gone.kill();
    const sink = await openStream({ address: parseStoreAddress(gone.url), timeoutMs: 50 });
    await expect(sink.append(eventOf(1))).rejects.toMatchObject(
      refusal(Code.UNAVAILABLE, "cannot be reached"),
    );
    await sink.close();
  });

  test("a wrong password is told, and not which", async () => {
    await using locked = await startRedis({ config: ["requirepass sesame"] });
    const address = parseStoreAddress(locked.url);
    const sink = await openStream({ address, password: "mustard", timeoutMs: 200 });
    const failure: Error = await sink.append(eventOf(1)).then(
      () => new Error("it was taken"),
      (error: Error) => error,
    );
    expect(failure).toMatchObject(refusal(Code.UNAVAILABLE, "refuses the user or the password"));
    expect(inspect(failure)).not.toContain("mustard");
    await sink.close();
  });

  test("before version 7.2, one that syncs each second: nobody can wait for that", async (context) => {
    const info = String(await redis().ask("INFO", "server"));
    const [, major, minor] = /redis_version:(\d+)\.(\d+)/.exec(info)!;
    const isNew = Number(major) > 7 || (Number(major) === 7 && Number(minor) >= 2);
    context.skip(isNew, "this one can be waited for");
    await redis().ask("CONFIG", "SET", "appendfsync", "everysec");
    const sink = await place().open();
    await expect(sink.append(eventOf(1))).rejects.toMatchObject(
      refusal(Code.UNAVAILABLE, "appendfsync is everysec, and before version 7.2"),
    );
    await sink.close();
  });
});

const whyNoValkey = isValkeyMissing ? " (skipped: no valkey-server here)" : "";

describe.skipIf(isValkeyMissing)(`synced each second, and waited for${whyNoValkey}`, () => {
  const { redis, place } = useRedis({ program: "valkey-server" });

  test("what is acknowledged survives kill -9", async () => {
    const here = place();
    const sink = await here.open();
    const kept: string[] = [];
    for (let number = 0; number < 3; number++) {
      const events = Array.from({ length: 100 }, (_, i) => eventOf(100 * number + i));
      await Promise.all(
        events.map((event) => sink.append(event).then(() => kept.push(event.eventId))),
      );
    }
    await redis().kill();
    await redis().restart("kept");
    expect(await here.ids()).toEqual(kept);
    await sink.close();
  });

  test("AOF that is turned off under it", async () => {
    const here = place();
    const sink = await here.open();
    await sink.append(eventOf(1));
    await redis().ask("CONFIG", "SET", "appendonly", "no");
    await expect(sink.append(eventOf(2))).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    await sink.close();
  });
});

import { describe, expect, onTestFinished, test } from "vitest";
import { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Call } from "../../transport/call.ts";
import { callWith, testBackend } from "../backend.contract.ts";
import type { Answer, Backend } from "../backend.ts";
import { createPuppet } from "../puppet.ts";
import { createQuery, pinVersion } from "../query.ts";
import { toyRequest } from "../toy-family.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createAnswerCache, type AnswerCacheOptions } from "./answer-cache.ts";

const good = ["ann", "bob", "cy"].map((user) => toyRequest(user));
const fixedCost = "the puppet behind it costs what it is told";
const always = { ttlMs: () => 60_000 };

testBackend("cache", {
  fixedCost,
  async open() {
    const puppet = createPuppet({ model: "toy", version: "1" });
    puppet.perform();
    const backend = createAnswerCache(always).layer(puppet);
    return { backend, model: "toy", version: "1", good };
  },
  async openHung() {
    const puppet = createPuppet({ model: "toy", version: "1" });
    const backend = createAnswerCache(always).layer(puppet);
    return { backend, model: "toy", version: "1", good, release: () => puppet.perform() };
  },
});

function openScene(options: Partial<AnswerCacheOptions> = {}) {
  const clock = createVirtualClock();
  const puppet = createPuppet({ model: "toy", version: "1", clock });
  const told = { hit: 0, miss: 0, shared: 0 };
  const meter = {
    hit: () => told.hit++,
    miss: () => told.miss++,
    shared: () => told.shared++,
  };
  const cache = createAnswerCache({ ttlMs: () => 100, clock, meter, ...options });
  const backend = cache.layer(puppet);
  onTestFinished(() => {
    puppet.perform();
    return backend.close();
  });
  return { clock, puppet, cache, backend, told };
}

function query(user: string, call: Partial<Call> = {}) {
  const names = { model: "toy", version: "", user: Buffer.from(user) };
  return pinVersion(createQuery(toyRequest(user), callWith(call), names), "1");
}

async function answerOf(backend: Backend, user: string, call: Partial<Call> = {}) {
  return (await backend.answer([query(user, call)]))[0]!;
}

function userIn(answer: Answer): string | undefined {
  if (answer instanceof ServingError) throw answer;
  return RecommendResponse.decode(answer.bytes).items[0]?.id;
}

describe("an answer", () => {
  test("is given again until its time is over, without asking anybody", async () => {
    const { backend, puppet, clock, told } = openScene();
    puppet.perform();
    const first = await answerOf(backend, "ann");
    puppet.hang();
    await clock.advanceTo(100);
    const again = await answerOf(backend, "ann");
    expect(again).toMatchObject({ attempts: 0 });
    expect([userIn(first), userIn(again)]).toEqual(["ann", "ann"]);
    await clock.advanceTo(101);
    const late = backend.answer([query("ann")]);
    expect(puppet.waiting).toHaveLength(1);
    puppet.answerNext();
    await late;
    expect(told).toEqual({ hit: 1, miss: 2, shared: 0 });
  });

  test("is that of the same model, version and bytes only", async () => {
    const { backend, puppet } = openScene();
    puppet.perform();
    await answerOf(backend, "ann");
    puppet.hang();
    const others = [query("bob"), pinVersion(query("ann"), "2"), { ...query("ann"), model: "b" }];
    for (const other of others) void backend.answer([other]);
    expect(puppet.waiting).toHaveLength(3);
  });

  test.each([
    ["a failure", { fail: new ServingError("UNAVAILABLE", "gone") }],
    ["a degraded answer", { served: { degraded: "popular items" } }],
    ["what is said to be degraded", { degraded: "cached" }],
    ["bytes that are no reply", { bytes: Uint8Array.of(0x12, 0x7f) }],
  ])("is not kept: %s", async (_, { fail, served, degraded, bytes }: Odd) => {
    const { puppet, cache } = openScene();
    const encoded =
      bytes ??
      RecommendResponse.encode(RecommendResponse.fromPartial({ served: served ?? {} })).finish();
    const answer: Answer = fail ?? {
      bytes: encoded,
      ...(degraded === undefined ? {} : { degraded }),
      served: () => RecommendResponse.decode(encoded).served!,
    };
    let asked = 0;
    const inner: Backend = {
      ...puppet,
      answer: async (queries) => queries.map(() => (asked++, answer)),
    };
    const backend = cache.layer(inner);
    for (let i = 0; i < 3; i++) await answerOf(backend, "ann");
    expect(asked).toBe(3);
    expect(cache.bytes()).toBe(0);
  });

  test("is never that of a request that is very long", async () => {
    const { backend, puppet, cache } = openScene();
    puppet.perform();
    await answerOf(backend, "x".repeat(20_000));
    expect(cache.bytes()).toBe(0);
  });

  test("is not kept where the time to live is 0, nor shared", async () => {
    const { backend, puppet, cache } = openScene({
      ttlMs: (_, version) => (version === "1" ? 0 : 100),
    });
    const both = Promise.all([answerOf(backend, "ann"), answerOf(backend, "ann")]);
    expect(puppet.waiting).toHaveLength(2);
    puppet.perform();
    await both;
    expect(cache.bytes()).toBe(0);
  });

  test("that callers spoil does not spoil the kept one", async () => {
    const { backend, puppet } = openScene();
    puppet.perform();
    const first = await answerOf(backend, "ann");
    if (!(first instanceof ServingError)) first.bytes.fill(0);
    expect(userIn(await answerOf(backend, "ann"))).toBe("ann");
  });
});

interface Odd {
  readonly fail?: ServingError;
  readonly served?: { readonly degraded: string };
  readonly degraded?: string;
  readonly bytes?: Uint8Array;
}

describe("memory", () => {
  test("is bounded, and what was longest not asked for goes first", async () => {
    const maxBytes = 20_000;
    const { backend, puppet, cache, told } = openScene({ maxBytes });
    puppet.perform();
    for (let i = 0; i < 200; i++) {
      await answerOf(backend, "kept");
      await answerOf(backend, `u${i}`);
      expect(cache.bytes()).toBeLessThanOrEqual(maxBytes);
    }
    expect(cache.bytes()).toBeGreaterThan(maxBytes / 2);
    expect(told).toEqual({ hit: 199, miss: 201, shared: 0 });
    expect(cache.peekStale(query("u0"))).toBeUndefined();
    expect(cache.peekStale(query("u199"))).toBeDefined();
  });

  test("is not spent on an answer that is larger than all of it", async () => {
    const { backend, puppet, cache } = openScene({ maxBytes: 1_000 });
    puppet.perform();
    await answerOf(backend, "x".repeat(200));
    expect(cache.bytes()).toBe(0);
  });
});

describe("a stale answer", () => {
  test("can be had after its time, for as long as that is allowed", async () => {
    const { backend, puppet, cache, clock } = openScene({ maxStaleMs: 1_000 });
    expect(cache.peekStale(query("ann"))).toBeUndefined();
    puppet.perform();
    await answerOf(backend, "ann");
    await clock.advanceTo(1_000);
    expect(userIn(cache.peekStale(query("ann"))!)).toBe("ann");
    expect(cache.peekStale(query("ann"))).toMatchObject({ attempts: 0 });
    await clock.advanceTo(1_001);
    expect(cache.peekStale(query("ann"))).toBeUndefined();
  });
});

describe("equal queries that arrive together", () => {
  test("are asked once, from many calls or in one", async () => {
    const { backend, puppet, told } = openScene();
    const calls = Array.from({ length: 5 }, () => answerOf(backend, "ann"));
    const batch = backend.answer([query("bob"), query("bob"), query("ann")]);
    expect(puppet.waiting.map((call) => call.map(({ user }) => String(user)))).toEqual([
      ["ann"],
      ["bob"],
    ]);
    puppet.perform();
    expect((await Promise.all(calls)).map(userIn)).toEqual(["ann", "ann", "ann", "ann", "ann"]);
    expect((await batch).map(userIn)).toEqual(["bob", "bob", "ann"]);
    expect(told).toEqual({ hit: 0, miss: 2, shared: 6 });
  });

  test("do not wait for a batch of another call", async () => {
    const { backend, puppet } = openScene();
    void backend.answer([query("ann"), query("bob")]);
    void backend.answer([query("ann")]);
    expect(puppet.waiting).toHaveLength(2);
  });

  test("end by their own deadlines and cancellations, not by that of the one that is asked", async () => {
    const { backend, clock } = openScene();
    const caller = new AbortController();
    const endedMs: Record<string, [number, number]> = {};
    const ask = (name: string, call: Partial<Call>) =>
      void answerOf(backend, "ann", call).then((answer) => {
        endedMs[name] = [clock.now(), answer instanceof ServingError ? answer.code : Code.OK];
      });
    ask("leader", { deadlineMs: 1_000 });
    ask("hurried", { deadlineMs: 200 });
    ask("gone", { signal: caller.signal });
    await clock.advanceTo(50);
    caller.abort();
    await clock.advanceTo(1_500);
    expect(endedMs).toEqual({
      gone: [50, Code.CANCELLED],
      hurried: [190, Code.DEADLINE_EXCEEDED],
      leader: [990, Code.DEADLINE_EXCEEDED],
    });
  });

  test("go on when the one that is asked has less time: the next one is asked for the others", async () => {
    const { backend, puppet, clock } = openScene();
    const hurried = answerOf(backend, "ann", { deadlineMs: 100 });
    const patient = [answerOf(backend, "ann"), answerOf(backend, "ann")];
    await clock.advanceTo(100);
    expect(await hurried).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(puppet.waiting).toHaveLength(1);
    puppet.answerNext();
    expect((await Promise.all(patient)).map(userIn)).toEqual(["ann", "ann"]);
  });

  test("go on when the one that is asked is cancelled", async () => {
    const { backend, puppet, clock } = openScene();
    const caller = new AbortController();
    const left = answerOf(backend, "ann", { signal: caller.signal });
    const stays = answerOf(backend, "ann");
    caller.abort();
    await clock.advanceTo(1);
    expect(await left).toMatchObject({ code: Code.CANCELLED });
    puppet.answerNext();
    expect(userIn(await stays)).toBe("ann");
  });

  test("are each asked when the one that was asked fails", async () => {
    const { backend, puppet, clock } = openScene();
    const gone = new ServingError("UNAVAILABLE", "gone");
    const calls = Array.from({ length: 3 }, () => answerOf(backend, "ann"));
    puppet.failNext(gone);
    await clock.advanceTo(1);
    expect(puppet.waiting).toHaveLength(2);
    puppet.failNext(gone);
    puppet.answerNext();
    const [first, second, third] = await Promise.all(calls);
    expect([first, second]).toEqual([gone, gone]);
    expect(userIn(third!)).toBe("ann");
  });

  test("share the verdict that the request is bad", async () => {
    const { backend, puppet } = openScene();
    const bad = new ServingError("INVALID_ARGUMENT", "no");
    const calls = Array.from({ length: 3 }, () => answerOf(backend, "ann"));
    puppet.failNext(bad);
    expect(await Promise.all(calls)).toEqual([bad, bad, bad]);
  });

  test("are answered when the cache closes, and so is one that must be asked again", async () => {
    const { backend, puppet, clock } = openScene();
    const calls = [answerOf(backend, "ann"), answerOf(backend, "ann")] as const;
    const closed = backend.close();
    puppet.failNext(new ServingError("UNAVAILABLE", "gone"));
    await clock.advanceTo(1);
    puppet.answerNext();
    expect(await calls[0]).toMatchObject({ code: Code.UNAVAILABLE });
    expect(userIn(await calls[1])).toBe("ann");
    await closed;
  });
});

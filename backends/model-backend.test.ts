import { describe, expect, test } from "vitest";
import type { Family } from "../models/family.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../proto/serving-error.ts";
import { testBackend } from "./backend.contract.ts";
import type { Answer } from "./backend.ts";
import { systemClock } from "./clock.ts";
import { modelBackend } from "./model-backend.ts";
import { timeRuns } from "./model/time-runs.ts";
import { createPuppetEngine } from "./puppet-engine.ts";
import { named, openToy } from "./toy-backend.fixture.ts";
import { computeToy, createToyFamily, toyRequest } from "./toy-family.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const users = ["ann", "bob", "cy", "dee", ""];
const good = [...users.map((user) => toyRequest(user)), toyRequest("eve", 3)];

testBackend("model backend", {
  async open() {
    const { engine, backend } = openToy();
    engine.perform();
    return { backend, ...named, good };
  },
  async openHung() {
    const { engine, backend } = openToy();
    return { backend, ...named, good, release: () => engine.perform() };
  },
});

const codes = (answers: readonly Answer[]) =>
  answers.map((answer) => (answer instanceof ServingError ? answer.code : Code.OK));

const itemOf = (answer: Answer | undefined) => {
  if (answer === undefined || answer instanceof ServingError)
    throw answer ?? new Error("no answer");
  return RecommendResponse.decode(answer.bytes).items[0];
};

function countingFamily(counts: { read: number; encode: number; reply: number }): Family {
  const toy = createToyFamily();
  return {
    ...toy,
    read: (bytes) => (counts.read++, toy.read(bytes)),
    encode: (rows) => (counts.encode++, toy.encode(rows)),
    reply: (row, by, result) => (counts.reply++, toy.reply(row, by, result)),
  };
}

describe("a model backend", () => {
  test("replies with what the engine computed for that row", async () => {
    const { engine, backend, ask } = openToy({ name: "cpu-toy" });
    engine.perform();
    const [a, b] = await ask(["a", "b"]);
    expect([itemOf(a), itemOf(b)]).toMatchObject([
      { id: "a", score: 195 },
      { id: "b", score: 197 },
    ]);
    expect(backend.name).toBe("cpu-toy");
    expect(a).not.toBeInstanceOf(ServingError);
    expect((a as Exclude<Answer, ServingError>).served().backend).toBe("cpu-toy");
  });

  test("answers rows that need no run while the engine hangs", async () => {
    const { ask } = openToy();
    expect(codes(await ask([""]))).toEqual([Code.OK]);
  });

  test("sends the first full batch while the rest of a large call is unread", async () => {
    const { engine, ask } = openToy();
    const answers = ask(Array.from({ length: 5000 }, (_, i) => `user ${i}`));
    expect(engine.running.map(({ feeds }) => feeds["sums"]!.dims)).toEqual([[8], [8]]);
    engine.perform();
    expect((await answers).map((answer) => itemOf(answer)!.id)).toEqual(
      Array.from({ length: 5000 }, (_, i) => `user ${i}`),
    );
  });

  test("lets other calls in between the slices of a large one", async () => {
    const { engine, ask } = openToy({ maxQueuedRows: 10_000 });
    engine.perform();
    const order: string[] = [];
    const large = ask(Array.from({ length: 5000 }, () => "ann")).then(() => order.push("large"));
    const small = ask(["bob"]).then(() => order.push("small"));
    await Promise.all([large, small]);
    expect(order).toEqual(["small", "large"]);
  });

  test("gives the engine its next batch before it makes the replies of the last", async () => {
    const toy = createToyFamily();
    const running: number[] = [];
    const reply: Family["reply"] = (row, by, result) => {
      running.push(engine.running.length);
      return toy.reply(row, by, result);
    };
    const { engine, ask } = openToy({ family: { ...toy, reply } });
    const first = ask(["ann"]);
    await systemClock.turn();
    const second = ask(["bob"]);
    engine.running[0]!.finish();
    await first;
    engine.running[0]!.finish();
    await second;
    expect(running).toEqual([1, 0]);
  });

  test("does no more for a call that was cancelled: unread, queued or running", async () => {
    const counts = { read: 0, encode: 0, reply: 0 };
    const { engine, ask } = openToy({ family: countingFamily(counts) });
    const caller = new AbortController();
    const running = ask(["ann"], { signal: caller.signal });
    await systemClock.turn();
    const large = ask(
      Array.from({ length: 3000 }, () => "bob"),
      { signal: caller.signal },
    );
    const patient = ask(["cy"]);
    const before = { ...counts };
    caller.abort();
    expect(new Set(codes([...(await running), ...(await large)]))).toEqual(
      new Set([Code.CANCELLED]),
    );
    engine.perform();
    expect(itemOf((await patient)[0])!.id).toBe("cy");
    await systemClock.turn();
    expect(before.read).toBeLessThan(3000);
    expect(counts).toEqual({ read: before.read, encode: before.encode + 1, reply: 1 });
  });

  test("settles rows by their deadline while the engine hangs, and takes new ones in their place", async () => {
    const clock = createVirtualClock();
    const { engine, ask } = openToy({ clock, maxQueuedRows: 2 });
    const first = ask(["ann"], { deadlineMs: 1000 });
    await clock.advanceTo(1);
    const queued = ["bob", "cy", "dee"].map((user) => ask([user], { deadlineMs: 100 }));
    await clock.advanceTo(89);
    expect(codes(await ask(["eve"]))).toEqual([Code.RESOURCE_EXHAUSTED]);
    await clock.advanceTo(90);
    expect(codes((await Promise.all(queued)).flat())).toEqual([
      Code.DEADLINE_EXCEEDED,
      Code.DEADLINE_EXCEEDED,
      Code.RESOURCE_EXHAUSTED,
    ]);
    const next = ask(["eve"]);
    engine.perform();
    expect(codes([...(await first), ...(await next)])).toEqual([Code.OK, Code.OK]);
  });

  test("tells the engine how long a run matters, and of whose cancellation", async () => {
    const { engine, ask } = openToy();
    const now = performance.now();
    const { signal } = new AbortController();
    const calls = [ask(["ann"], { deadlineMs: now + 10_000, signal })];
    await systemClock.turn();
    calls.push(ask(["bob"], { deadlineMs: now + 30_000, signal }));
    calls.push(ask(["cy"], { deadlineMs: now + 20_000 }));
    expect(engine.running[0]!.call).toMatchObject({ deadlineMs: now + 9_990, signal });
    engine.running[0]!.finish();
    await calls[0];
    expect(engine.running[0]!.call.deadlineMs).toBe(now + 29_990);
    expect(engine.running[0]!.call.signal).not.toBe(signal);
    engine.perform();
    await Promise.all(calls);
  });
});

describe("when something breaks", () => {
  test("a reply that cannot be made fails its row alone, and tells the caller nothing", async () => {
    const toy = createToyFamily();
    const cause = new TypeError("password is hunter2");
    const reply: Family["reply"] = (row, by, result) => {
      if (result?.index === 1) throw cause;
      return toy.reply(row, by, result);
    };
    const { engine, ask } = openToy({ family: { ...toy, reply } });
    engine.perform();
    const answers = await ask(["ann", "bob", "cy"]);
    expect(codes(answers)).toEqual([Code.OK, Code.INTERNAL, Code.OK]);
    expect(answers[1]).toMatchObject({ cause, message: expect.not.stringContaining("hunter2") });
  });

  test.each([
    ["an unknown error", new Error("segfault"), Code.UNAVAILABLE],
    [
      "the engine's own error",
      new ServingError("RESOURCE_EXHAUSTED", "full"),
      Code.RESOURCE_EXHAUSTED,
    ],
    ["feeds that do not fit", new ServingError("INVALID_ARGUMENT", "feeds"), Code.INTERNAL],
  ])("%s fails the rows of that run alone", async (_, error, code) => {
    const { engine, ask } = openToy();
    const first = ask(["ann"]);
    await systemClock.turn();
    const second = ask(["bob", "cy"]);
    engine.running[0]!.fail(error);
    expect(codes(await first)).toEqual([code]);
    engine.perform();
    expect(codes(await second)).toEqual([Code.OK, Code.OK]);
  });

  test("rows that cannot be encoded are a bug", async () => {
    const family: Family = {
      ...createToyFamily(),
      encode: () => {
        throw new RangeError("offset is out of bounds");
      },
    };
    expect(codes(await openToy({ family }).ask(["ann", "bob"]))).toEqual([
      Code.INTERNAL,
      Code.INTERNAL,
    ]);
  });

  test("it is not ready while its engine is not", async () => {
    const { engine, backend } = openToy();
    expect(backend.isReady("toy", "3")).toBe(true);
    await engine.close();
    expect(backend.isReady("toy", "3")).toBe(false);
  });
});

test("it is not ready while every run hangs, and again when one ends", async () => {
  const clock = createVirtualClock();
  const { engine, backend, ask } = openToy({ clock });
  const isReady = () => backend.isReady("toy", "3");
  void ask(["ann"], { deadlineMs: 1_000 });
  await clock.advanceTo(30_000);
  expect(isReady()).toBe(true);
  await clock.advanceTo(31_000);
  expect(isReady()).toBe(false);
  engine.running[0]!.finish(31_000);
  await clock.advanceTo(31_001);
  expect(isReady()).toBe(true);
});

test("closing closes the engine, after the last answer", async () => {
  const { engine, backend, ask } = openToy();
  const answers = ask(["ann"]);
  const closed = backend.close();
  expect(engine.isReady()).toBe(true);
  engine.perform();
  await closed;
  expect(engine.isReady()).toBe(false);
  expect(codes(await answers)).toEqual([Code.OK]);
});

test("predicts from runs that were timed before the first query", async () => {
  const clock = createVirtualClock();
  const engine = createPuppetEngine({ compute: computeToy });
  const feeds = { sums: { type: "int32" as const, dims: [1], data: new Int32Array(1) } };
  const family: Family = {
    ...createToyFamily(),
    warmUp: () => [1, 8].map((rows) => ({ lane: "top 10", rows, feeds })),
  };
  const timed = timeRuns(engine, family);
  for (const ms of [9, 20, 2, 16]) {
    engine.running[0]!.finish(ms);
    await systemClock.turn();
  }
  expect(await timed).toEqual([
    { lane: "top 10", rows: 1, ms: 2 },
    { lane: "top 10", rows: 8, ms: 16 },
  ]);
  const backend = modelBackend({ ...named, family, engine, clock, timedRuns: await timed });
  expect(backend.costMs("toy", "", 1)).toBeCloseTo(2);
  expect(backend.costMs("toy", "", 16)).toBeCloseTo(32);
});

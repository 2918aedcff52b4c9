import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Call } from "../../transport/call.ts";
import { callWith, testBackend } from "../backend.contract.ts";
import type { Answer, Backend, Query } from "../backend.ts";
import { systemClock, type Clock } from "../clock.ts";
import { createPuppet, type Puppet } from "../puppet.ts";
import { createQuery, pinVersion } from "../query.ts";
import { toyRequest } from "../toy-family.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { createEndpoints, type EndpointsOptions } from "./endpoints.ts";
import type { EndpointClass } from "./member.ts";
import { silentEndpointsMeter } from "./meter.ts";

const good = ["ann", "bob", "cy"].map((user) => toyRequest(user));
const unavailable = new ServingError("UNAVAILABLE", "gone", { isLost: true });

function openPuppet(name: string, clock: Clock = systemClock): Puppet {
  const puppet = createPuppet({ name, model: "toy", version: "3", clock });
  puppet.perform();
  return puppet;
}

/** Endpoints have names of their own; what answers in them does not say them, as with servers that run the same bundle. */
const openTwins = () => {
  const twins = [
    createPuppet({ model: "toy", version: "3" }),
    createPuppet({ model: "toy", version: "3" }),
  ];
  const named = twins.map((twin, i) => ({ ...twin, name: `twin-${i}` }));
  const backend = createEndpoints(asCpu(named));
  const perform = () => twins.forEach((twin) => twin.perform());
  return { backend, model: "toy", version: "3", good, perform };
};

const asCpu = (puppets: readonly Backend[]) =>
  puppets.map((backend) => ({ backend, class: "cpu" as const }));

testBackend("two endpoints", {
  fixedCost: "puppets cost what they are told to",
  async open() {
    const subject = openTwins();
    subject.perform();
    return subject;
  },
  async openHung() {
    const subject = openTwins();
    return { ...subject, release: subject.perform };
  },
});

function queryFor(user: string, version: string, call: Call): Query {
  const names = { model: "toy", version: "", user: new Uint8Array() };
  return pinVersion(createQuery(toyRequest(user), call, names), version);
}

interface SceneOptions extends EndpointsOptions {
  readonly clock?: VirtualClock;
  readonly classes?: readonly EndpointClass[];
}

/** Puppets in virtual time; chance always draws the first. */
function createScene({ classes = ["cpu", "cpu"], ...options }: SceneOptions = {}) {
  const { clock = createVirtualClock() } = options;
  const puppets = classes.map((_, i) => openPuppet(`p${i}`, clock));
  const endpoints = createEndpoints(
    puppets.map((backend, i) => ({ backend, class: classes[i]! })),
    { clock, random: () => 0, ...options },
  );
  onTestFinished(async () => {
    for (const puppet of puppets) puppet.perform();
    await endpoints.close();
  });
  const ask = (users: readonly string[], version = "", deadlineMs = clock.now() + 250) => {
    const call = callWith({ deadlineMs });
    return endpoints.answer(users.map((user) => queryFor(user, version, call)));
  };
  return { clock, puppets: puppets as [Puppet, ...Puppet[]], endpoints, ask };
}

const told = (answer: Answer | undefined) => {
  if (answer === undefined || answer instanceof ServingError) return answer?.code;
  const { items, served } = RecommendResponse.decode(answer.bytes);
  const { attempts = 1, degraded = "" } = answer;
  return { user: items[0]!.id, by: served!.backend, attempts, degraded };
};

test("what fails on one endpoint is asked of another, once, in its place", async () => {
  const { puppets, ask } = createScene();
  puppets[0].fail(unavailable);
  const answers = await ask(["ann", "bob"]);
  expect(answers.map(told)).toEqual([
    { user: "ann", by: "p1", attempts: 2, degraded: "" },
    { user: "bob", by: "p1", attempts: 2, degraded: "" },
  ]);
});

test.each([
  ["UNAVAILABLE", {}, true],
  ["RESOURCE_EXHAUSTED", { "grpc-retry-pushback-ms": "30" }, true],
  ["RESOURCE_EXHAUSTED", {}, false],
  ["FAILED_PRECONDITION", {}, true],
  ["INTERNAL", {}, false],
  ["INVALID_ARGUMENT", {}, false],
  ["DEADLINE_EXCEEDED", {}, false],
] as const)("%s with %j is asked of another: %s", async (...[code, trailers, isRetried]) => {
  const { puppets, ask } = createScene();
  puppets[0].fail(new ServingError(code, "no", { trailers }));
  const [answer] = await ask(["ann"]);
  expect(answer instanceof ServingError).toBe(!isRetried);
});

test("a failure of both is told; the budget of a quiet time allows three more attempts", async () => {
  const { puppets, ask } = createScene();
  for (const puppet of puppets) puppet.fail(unavailable);
  expect((await ask(["ann"])).map(told)).toEqual([Code.UNAVAILABLE]);
});

test("who has not answered after a while is not waited for alone, and a slow answer changes nothing", async () => {
  const { clock, puppets, ask } = createScene();
  puppets[0].hang();
  const asked = ask(["ann"]);
  await clock.advanceTo(150);
  expect((await asked).map(told)).toEqual([{ user: "ann", by: "p1", attempts: 2, degraded: "" }]);
  puppets[0].answerNext();
});

test("a version that no endpoint has is told by one that has the model", async () => {
  const { ask } = createScene();
  expect((await ask(["ann"], "9")).map(told)).toEqual([Code.FAILED_PRECONDITION]);
});

test("the better class answers; the next one when that would be late or is gone, and says so", async () => {
  const { puppets, ask, clock } = createScene({ classes: ["cpu", "cuda"] });
  const [cpu, cuda] = puppets as [Puppet, Puppet];
  const byCuda = { user: "ann", by: "p1", attempts: 1, degraded: "" };
  const byCpu = { user: "ann", by: "p0", attempts: 1, degraded: "cpu for cuda" };
  cpu.setCostMs(1);
  cuda.setCostMs(5);
  expect((await ask(["ann"])).map(told)).toEqual([byCuda]);
  cuda.setCostMs(500);
  expect((await ask(["ann"])).map(told)).toEqual([byCpu]);
  cuda.setCostMs(5);
  cuda.setReady(false);
  expect((await ask(["ann"])).map(told)).toEqual([byCpu]);
  cuda.setReady(true);
  await clock.advanceTo(1_000);
  expect((await ask(["ann"])).map(told)).toEqual([byCuda]);
});

test("when no endpoint would be in time a fallback answers, else it is refused at once", async () => {
  const clock = createVirtualClock();
  const [cached, popular] = [openPuppet("cache", clock), openPuppet("popular", clock)];
  cached.fail(new ServingError("NOT_FOUND", "not cached"));
  const fallbacks = [
    { backend: cached, degraded: "cached" },
    { backend: popular, degraded: "popular" },
  ];
  const { puppets, ask } = createScene({ clock, fallbacks });
  const patient = puppets.map((puppet) => {
    for (const other of puppets) other.setCostMs(other === puppet ? 1 : 500);
    puppet.hang();
    return ask(["patient"], "", Infinity);
  });
  for (const puppet of puppets) puppet.setCostMs(500);
  // A moment's lateness may be a pause that is over: it is asked all the same.
  const early = ask(["early"], "", Infinity);
  const alsoEarly = ask(["early"]);
  await clock.advanceTo(200);
  expect((await ask(["ann"])).map(told)).toEqual([
    { user: "ann", by: "popular", attempts: 0, degraded: "popular" },
  ]);
  popular.fail(unavailable);
  const [refused] = await ask(["bob"]);
  expect(refused).toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    trailers: { "grpc-retry-pushback-ms": "500" },
  });
  expect(clock.now()).toBe(200);
  for (const puppet of puppets) puppet.perform();
  await Promise.all([...patient, early]);
  expect((await alsoEarly).map(told)).toMatchObject([{ user: "early", attempts: 1 }]);
});

test("endpoints that hang until the deadline leave time for a fallback", async () => {
  const clock = createVirtualClock();
  const backend = openPuppet("popular", clock);
  const { puppets, ask } = createScene({ clock, fallbacks: [{ backend, degraded: "popular" }] });
  for (const puppet of puppets) puppet.hang();
  const asked = ask(["ann"]);
  await clock.advanceTo(250);
  expect((await asked).map(told)).toEqual([
    { user: "ann", by: "popular", attempts: 2, degraded: "popular" },
  ]);
});

test("a caller's own mistake reaches no fallback", async () => {
  const clock = createVirtualClock();
  const backend = openPuppet("popular", clock);
  const { puppets, ask } = createScene({ clock, fallbacks: [{ backend, degraded: "popular" }] });
  puppets[0].fail(new ServingError("INVALID_ARGUMENT", "top_k is -1"));
  expect((await ask(["ann"])).map(told)).toEqual([Code.INVALID_ARGUMENT]);
});

test("the last endpoint for a version is asked, however often it failed", async () => {
  const { puppets, ask } = createScene({ classes: ["cpu"] });
  puppets[0].fail(unavailable);
  for (let i = 0; i < 30; i++) await ask(["ann"]);
  puppets[0].perform();
  expect((await ask(["ann"])).map(told)).toMatchObject([{ by: "p0", attempts: 1 }]);
});

test("a sick endpoint is left alone, also by those who find the other one dearer", async () => {
  const { puppets, ask, clock } = createScene();
  const [sick, well] = puppets as [Puppet, Puppet];
  well.setCostMs(100);
  sick.fail(unavailable);
  for (let i = 0; i < 5; i++) await ask(["ann"]);
  sick.hang();
  for (let i = 0; i < 5; i++) expect((await ask(["ann"])).map(told)).toMatchObject([{ by: "p1" }]);
  expect(sick.waiting).toHaveLength(0);
  sick.perform();
  await clock.advanceTo(5_000);
  expect((await ask(["ann"])).map(told)).toMatchObject([{ by: "p0" }]);
});

test("a call of any size and mixture comes back in order, whoever answers and whoever fails", async () => {
  const versions = fc.array(fc.constantFrom("3", "4"), { maxLength: 16 });
  const sick = fc.constantFrom<number[]>([], [0, 1], [2, 3], [0, 3]);
  const chance = fc
    .infiniteStream(fc.nat(999))
    .map((numbers) => () => numbers.next().value! / 1000);
  await fc.assert(
    fc.asyncProperty(versions, sick, chance, async (versions, sick, random) => {
      const puppets = ["3", "4", "3", "4"].map((version, i) => {
        const puppet = createPuppet({ name: `p${i}`, model: "toy", version });
        if (sick.includes(i)) puppet.fail(unavailable);
        else puppet.perform();
        return puppet;
      });
      // At most three groups: the budget of a quiet time is enough for each of them to fail once.
      const endpoints = createEndpoints(asCpu(puppets), { maxGroupRows: 8, random });
      const answers = await endpoints.answer(
        versions.map((version, i) => queryFor(`user-${i}`, version, callWith({}))),
      );
      expect(answers.map(told)).toMatchObject(versions.map((_, i) => ({ user: `user-${i}` })));
      await endpoints.close();
    }),
    { numRuns: 200 },
  );
});

test.each([
  [["a", "a"], [["cpu"]], 'two endpoints are named "a"'],
  [["a"], [["cuda"]], 'class "cpu"'],
] as const)("endpoints %j on the ladder %j are refused", (...[names, ladder, says]) => {
  expect(() => createEndpoints(asCpu(names.map((name) => openPuppet(name))), { ladder })).toThrow(
    says,
  );
});

test("one that is added is asked, and one that is removed is asked no more", async () => {
  const { clock, puppets, endpoints, ask } = createScene({ classes: ["cpu"] });
  const late = openPuppet("late", clock);
  endpoints.add({ backend: late, class: "cuda" });
  expect((await ask(["ann"])).map(told)).toMatchObject([{ by: "late" }]);
  await endpoints.remove(late);
  expect((await ask(["ann"])).map(told)).toMatchObject([{ by: "p0" }]);
  expect(late.isReady("toy", "3")).toBe(false);
  expect(puppets[0].isReady("toy", "3")).toBe(true);
});

test("one that is removed answers what it was asked, and is closed then", async () => {
  const clock = createVirtualClock();
  const slow = createPuppet({ name: "slow", model: "toy", version: "3", clock });
  const endpoints = createEndpoints(asCpu([slow]), { clock });
  const asked = endpoints.answer([queryFor("ann", "", callWith({ deadlineMs: 250 }))]);
  const order: string[] = [];
  const removed = endpoints.remove(slow).then(() => order.push("closed"));
  void asked.then(() => order.push("answered"));
  slow.perform();
  await removed;
  expect(order).toEqual(["answered", "closed"]);
  expect((await asked).map(told)).toMatchObject([{ by: "slow" }]);
  await endpoints.close();
});

test("with none there, callers hear so at once; a fallback answers them all the same", async () => {
  const call = callWith({});
  const none = createEndpoints([]);
  expect(none.isReady("toy", "")).toBe(false);
  expect(await none.answer([queryFor("ann", "", call)])).toMatchObject([
    { code: Code.UNAVAILABLE, message: expect.stringContaining("no server is known") },
  ]);
  const backend = openPuppet("popular");
  const saved = createEndpoints([], { fallbacks: [{ backend, degraded: "popular" }] });
  expect(await saved.answer([queryFor("ann", "", call)])).toMatchObject([{ degraded: "popular" }]);
  await none.close();
  await saved.close();
});

test("a name that left may come back, and only those that are gone are told as gone", async () => {
  const gone: string[] = [];
  const meter = { ...silentEndpointsMeter, left: (name: string) => gone.push(name) };
  const [before, after] = [openPuppet("p"), openPuppet("p")];
  const endpoints = createEndpoints(asCpu([before]), { meter });
  expect(() => endpoints.add({ backend: after, class: "cpu" })).toThrow('"p"');
  const removed = endpoints.remove(before);
  endpoints.add({ backend: after, class: "cpu" });
  await removed;
  expect(gone).toEqual([]);
  await endpoints.remove(after);
  expect(gone).toEqual(["p"]);
  await endpoints.close();
});

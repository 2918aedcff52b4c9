import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../backends/virtual-clock.ts";
import { Code } from "../proto/serving-error.ts";
import { createAssignment } from "./assignment.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { assertLowerable, lowerDistribution } from "./lowered-distribution.ts";
import { openScene, routeOf, toyQuery, usersOf } from "./puppet-arms.fixture.ts";

const start = 1_700_000_000_000;
const hour = 3_600_000;

function at(revision: number, canary: number, others = {}) {
  return distributionOf({ stable: 9_000 - canary, canary, blue: 1_000 }, { revision, ...others });
}

const document = at(1, 2_000);
const order = { arm: "canary", weight: 500, untilMs: start + hour, by: "ann", reason: "burning" };

async function open() {
  const clock = createVirtualClock();
  const nowMs = () => start + clock.now();
  const scene = await openScene({ document, clock, nowMs });
  for (const puppet of scene.puppets) puppet.perform();
  const { router } = scene;
  const canaryUsers = usersOf("canary", 300, document);
  const others = [...usersOf("stable", 50, document), ...usersOf("blue", 50, document)];
  /** How many of the canary's users still go there; nobody else may have moved. */
  async function onCanary(): Promise<number> {
    const answers = await router.answer([...canaryUsers, ...others].map((user) => toyQuery(user)));
    const arms = answers.map((answer) => routeOf(answer).arm);
    expect(arms.slice(canaryUsers.length)).toEqual(
      others.map((_, i) => (i < 50 ? "stable" : "blue")),
    );
    return arms.slice(0, canaryUsers.length).filter((arm) => arm === "canary").length;
  }
  return { ...scene, clock, onCanary };
}

describe("a lowered arm", () => {
  test("keeps so many of its users; the others are on the stable arm, and contradict nothing", async () => {
    const { router, onCanary, told } = await open();
    router.lower("toy", order);
    const left = await onCanary();
    expect(left).toBeGreaterThan(40);
    expect(left).toBeLessThan(120);
    expect(router.observed("toy").contradictions).toBe(0);
    expect(router.report()["toy"]).toMatchObject({ revision: 1, lowered: order });
    expect(router.current("toy")).toEqual(document);
    expect(told.applied.map(({ arms }) => arms[1]!.weight)).toEqual([2_000, 500]);
  });

  test("has its users back when the time has passed", async () => {
    const { router, onCanary, clock } = await open();
    router.lower("toy", { ...order, weight: 0 });
    await clock.advanceTo(hour - 1);
    expect(await onCanary()).toBe(0);
    await clock.advanceTo(hour);
    expect(await onCanary()).toBe(300);
    expect(router.report()["toy"]).not.toHaveProperty("lowered");
  });

  test("stays lowered under newer documents", async () => {
    const { router, onCanary, clock } = await open();
    router.lower("toy", { ...order, weight: 0 });
    expect(router.apply(at(2, 2_000, { users: { zed: "canary" } }))).toBe(true);
    expect(await onCanary()).toBe(0);
    expect(router.report()["toy"]).toMatchObject({ revision: 2, lowered: { weight: 0 } });
    await clock.advanceTo(hour);
    expect(await onCanary()).toBe(300);
  });

  test.each([
    ["gives it no more than that", at(2, 500)],
    ["has no such arm", distributionOf({ stable: 9_000, blue: 1_000 }, { revision: 2 })],
  ])("is one no longer when a document comes that %s", async (_, next) => {
    const { router, onCanary } = await open();
    router.lower("toy", order);
    router.apply(next);
    expect(router.report()["toy"]).not.toHaveProperty("lowered");
    router.apply(at(3, 2_000));
    expect(await onCanary()).toBe(300);
  });

  test("takes another weight and another time, and a weight of 10,000 ends it", async () => {
    const { router, onCanary, clock } = await open();
    router.lower("toy", { ...order, weight: 0 });
    router.lower("toy", { ...order, weight: 1_000, untilMs: start + 2 * hour });
    await clock.advanceTo(hour);
    expect(await onCanary()).toBeGreaterThan(100);
    router.lower("toy", { ...order, weight: 10_000 });
    expect(await onCanary()).toBe(300);
    await clock.advanceTo(3 * hour);
    expect(await onCanary()).toBe(300);
  });

  test("has no users of its list and no copies either", async () => {
    const { router } = await open();
    const users = { vip: "canary", bea: "blue" };
    const shadow = { arm: "canary", basisPoints: 10_000, maxConcurrent: 5 };
    router.apply(at(2, 0, { users, shadow }));
    router.lower("toy", { ...order, weight: 0 });
    const answers = await router.answer([toyQuery("vip"), toyQuery("bea")]);
    expect(answers.map((answer) => routeOf(answer).arm)).toEqual(["stable", "blue"]);
    const left = lowerDistribution(at(2, 2_000, { users, shadow }), order);
    expect(left).toMatchObject({ users: { bea: "blue" } });
    expect(left).not.toHaveProperty("shadow");
    const blue = { ...shadow, arm: "blue" };
    expect(lowerDistribution(at(2, 2_000, { shadow: blue }), order)).toHaveProperty("shadow", blue);
  });

  test("is not the kill switch's either", async () => {
    const { router, onCanary } = await open();
    router.apply(at(2, 2_000, { killSwitch: "canary" }));
    router.lower("toy", { ...order, weight: 0 });
    expect(await onCanary()).toBe(0);
  });
});

test("a clock that was set back keeps the arm lowered", async () => {
  const clock = createVirtualClock();
  let setBackMs = 0;
  const nowMs = () => start + clock.now() - setBackMs;
  const { router } = await openScene({ document, clock, nowMs });
  router.lower("toy", order);
  setBackMs = hour;
  await clock.advanceTo(hour);
  expect(router.report()["toy"]).toHaveProperty("lowered");
  await clock.advanceTo(2 * hour);
  expect(router.report()["toy"]).not.toHaveProperty("lowered");
});

test("where there is only the stable arm, that is said", () => {
  const alone = {
    ...document,
    arms: [{ ...document.arms[0]!, weight: 10_000, ranges: [[0, 10_000]] }],
  } as const;
  const lowered = { arm: "canary", weight: 0, untilMs: start, by: "x", reason: "x" };
  expect(() => assertLowerable(alone, lowered, start)).toThrow(
    "there is no arm canary to lower: toy has only stable",
  );
});

describe("is refused", () => {
  test.each([
    ["the stable arm", { ...order, arm: "stable" }, "stable is the stable arm, which takes what"],
    ["an unknown arm", { ...order, arm: "green" }, "there is no arm green to lower; there are"],
    ["a raise", { ...order, weight: 2_001 }, "canary has 2000bp; it can only be lowered"],
    ["what it has", { ...order, weight: 2_000 }, "canary has 2000bp already"],
    ["no weight", { ...order, weight: -1 }, "the weight must be from 0 to 10000"],
    ["a day and more", { ...order, untilMs: start + 25 * hour }, "for at most 24 hours"],
  ])("%s", async (_, wrong, message) => {
    const { router } = await open();
    expect(() => router.lower("toy", wrong)).toThrow(message);
    expect(() => router.lower("toy", wrong)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT }),
    );
  });

  test("a model without a distribution, and a second arm", async () => {
    const { router } = await open();
    expect(() => router.lower("films", order)).toThrow(
      expect.objectContaining({ code: Code.NOT_FOUND }),
    );
    router.lower("toy", order);
    expect(() => router.lower("toy", { ...order, arm: "blue", weight: 0 })).toThrow(
      "this router has lowered canary of toy",
    );
  });
});

test("whatever is lowered, users only move from that arm to the stable one", () => {
  const weight = fc.integer({ min: 0, max: 9_000 });
  fc.assert(
    fc.property(weight, weight, (canary, left) => {
      const before = at(1, canary);
      const after = lowerDistribution(before, { arm: "canary", weight: left });
      expect(after === undefined).toBe(left >= canary);
      if (after === undefined) return;
      const [from, to] = [createAssignment(before), createAssignment(after)];
      let moved = 0;
      for (let bucket = 0; bucket < 10_000; bucket++) {
        const [was, is] = [from.armOfBucket(bucket).name, to.armOfBucket(bucket).name];
        if (was === is) continue;
        moved++;
        if (was !== "canary" || is !== "stable") expect.fail(`${bucket}: ${was} -> ${is}`);
      }
      expect(moved).toBe(canary - left);
    }),
  );
});

test("what a router reports of its load comes from its queries and its backends", async () => {
  const { router, clock, onCanary } = await open();
  await onCanary();
  await clock.advanceTo(10_000);
  const { load, appliedAtMs } = router.report()["toy"]!;
  expect(appliedAtMs).toBe(start);
  expect(load).toMatchObject({
    stable: { rowsPerSecond: 5 },
    canary: { rowsPerSecond: 30 },
    blue: { rowsPerSecond: 5 },
  });
  expect(load["canary"]).toHaveProperty("costMs");
});

test("observed are the queries that went by bucket, since the revision", async () => {
  const { router, onCanary } = await open();
  await onCanary();
  await router.answer([toyQuery(""), toyQuery("ann", { model: "films" })]);
  expect(router.observed("toy").arms).toMatchObject({
    stable: { rows: 50 },
    canary: { rows: 300 },
    blue: { rows: 50 },
  });
  router.apply(at(2, 2_000));
  expect(router.observed("toy").arms).toMatchObject({ canary: { rows: 0, users: "" } });
  expect(router.observed("films")).toEqual({ arms: {}, contradictions: 0 });
});

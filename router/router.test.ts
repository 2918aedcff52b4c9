import { describe, expect, test } from "vitest";
import { testBackend } from "../backends/backend.contract.ts";
import { createPuppet } from "../backends/puppet.ts";
import { toyRequest } from "../backends/toy-family.ts";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../proto/serving-error.ts";
import { createBucketOf } from "./bucket.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { openScene, responseOf, routeOf, toyQuery, usersOf } from "./puppet-arms.fixture.ts";
import { createRouter } from "./router.ts";

const good = ["ann", "bob", "cy"].map((user) => toyRequest(user));
const thirds = distributionOf({ stable: 3_334, canary: 3_333, blue: 3_333 });

function routerOver(puppet: ReturnType<typeof createPuppet>, isApplied: boolean) {
  const options = { mayOverride: () => true, recommendationId: () => "r1" };
  const router = createRouter({ inner: puppet, ...options });
  if (isApplied) router.apply(distributionOf({ stable: 10_000 }));
  return { backend: router, model: "toy", version: "1", good };
}

describe.each([
  ["with a distribution", true],
  ["without", false],
])("%s", (_, isApplied) => {
  testBackend("router", {
    fixedCost: "the puppet behind it costs what it is told",
    async open() {
      const puppet = createPuppet({ model: "toy", version: "1" });
      puppet.perform();
      return routerOver(puppet, isApplied);
    },
    async openHung() {
      const puppet = createPuppet({ model: "toy", version: "1" });
      return { ...routerOver(puppet, isApplied), release: () => puppet.perform() };
    },
  });
});

describe("arms", () => {
  test("a batch of 1,000 users over three arms comes back in order, each from his own arm", async () => {
    const { router, puppets, told } = await openScene({ document: thirds });
    const users = Array.from({ length: 1_000 }, (_, i) => `u${i}`);
    const queries = users.map((user) => toyQuery(user));
    const answered = router.answer(queries);
    expect(puppets.map(({ waiting }) => waiting.length)).toEqual([1, 1, 1]);
    for (const puppet of puppets.toReversed()) puppet.perform();
    const answers = await answered;
    expect(answers.map((answer) => responseOf(answer).items[0]?.id)).toEqual(users);

    const bucketOf = createBucketOf(thirds.salt);
    const armOf = (user: string) =>
      thirds.arms.find(({ ranges }) => {
        const bucket = bucketOf(Buffer.from(user));
        return ranges.some(([start, end]) => start <= bucket && bucket < end);
      })!;
    const expected = users.map((user) => {
      const { name: arm, version } = armOf(user);
      return { version, arm, reason: RouteReason.BUCKET, attempts: 1, degraded: "" };
    });
    expect(answers.map(routeOf)).toEqual(expected);
    const rows = Object.fromEntries(told.answered.map(({ arm, rows }) => [arm, rows]));
    const count = (arm: string) => expected.filter((route) => route.arm === arm).length;
    expect(rows).toEqual({
      stable: count("stable"),
      canary: count("canary"),
      blue: count("blue"),
    });
    expect(told.answered.map(({ code }) => code)).toEqual([Code.OK, Code.OK, Code.OK]);
  });

  test("queries are pinned to their arm's version, with the bytes that came", async () => {
    const { router, puppets } = await openScene({ document: thirds });
    const [user] = usersOf("canary", 1, thirds) as [string];
    const query = toyQuery(user);
    void router.answer([query]);
    expect(puppets[1]!.waiting).toEqual([
      [expect.objectContaining({ version: "2", sentVersion: "", bytes: query.bytes })],
    ]);
  });

  test("an arm of 0 basis points gets no request from the applied revision on", async () => {
    const { router, puppets } = await openScene({ document: thirds });
    for (const puppet of puppets) puppet.perform();
    const users = usersOf("canary", 200, thirds);
    await router.answer(users.map((user) => toyQuery(user)));
    puppets[1]!.hang();
    const none = distributionOf({ stable: 5_000, canary: 0, blue: 5_000 }, { revision: 2 });
    expect(router.apply(none)).toBe(true);
    const queries = [...users, ...users.map(() => "")].map((user) => toyQuery(user));
    const arms = (await router.answer(queries)).map((answer) => routeOf(answer).arm);
    expect(new Set(arms)).toEqual(new Set(["stable", "blue"]));
    expect(puppets[1]!.waiting).toEqual([]);
  });

  test("ids of recommendations are all different", async () => {
    const { router, puppets } = await openScene({ document: thirds });
    for (const puppet of puppets) puppet.perform();
    const ids = async () => {
      const answers = await router.answer(Array.from({ length: 500 }, () => toyQuery("ann")));
      return answers.map((answer) => responseOf(answer).recommendationId);
    };
    const all = [...(await ids()), ...(await ids())];
    expect(new Set(all).size).toBe(1_000);
    for (const id of all) expect(id).toMatch(/^[0-9a-v]{14,20}$/);
  });

  test("anonymous callers get an arm by chance, and are told so", async () => {
    const chances = [0, 0.4, 0.9];
    const { router, puppets } = await openScene({
      document: thirds,
      chance: () => chances.shift()!,
    });
    for (const puppet of puppets) puppet.perform();
    const answers = await router.answer(["", "", ""].map((user) => toyQuery(user)));
    const anonymous = { reason: RouteReason.ANONYMOUS };
    expect(answers.map(routeOf)).toMatchObject(
      ["stable", "canary", "blue"].map((arm) => ({ arm, ...anonymous })),
    );
  });

  test("models without a distribution go to the version that their servers have", async () => {
    const { router, puppets, told } = await openScene();
    for (const puppet of puppets) puppet.perform();
    const [known, unknown] = await router.answer([
      toyQuery("ann"),
      toyQuery("ann", { model: "nope" }),
    ]);
    expect(routeOf(known)).toMatchObject({
      version: "3",
      arm: "stable",
      reason: RouteReason.BUCKET,
    });
    expect(unknown).toMatchObject({ code: Code.NOT_FOUND });
    expect(told.answered.map(({ model }) => model)).toEqual(["", ""]);
  });
});

function at(revision: number, canary: number) {
  return distributionOf({ stable: 10_000 - canary, canary }, { revision });
}

describe("revisions", () => {
  test("only a newer one is taken", async () => {
    const { router, told } = await openScene();
    expect(router.current("toy")).toBeUndefined();
    expect(router.apply(at(7, 500))).toBe(true);
    expect(router.apply(at(7, 500))).toBe(false);
    expect(router.apply(at(6, 900))).toBe(false);
    expect(() => router.apply(at(7, 900))).toThrow(
      expect.objectContaining({
        code: Code.ABORTED,
        message: expect.stringContaining("write revision 8") as string,
      }),
    );
    expect(router.current("toy")).toEqual(at(7, 500));
    expect(router.apply({ ...at(1, 500), model: "other" })).toBe(true);
    expect(told.applied.map(({ model }) => model)).toEqual(["toy", "other"]);
  });

  test("what is no distribution is refused, and what holds stays", async () => {
    const { router } = await openScene({ document: thirds });
    const bad = { ...thirds, revision: 2, arms: thirds.arms.slice(1) };
    expect(() => router.apply(bad)).toThrow("arms: no arm has the buckets [0, 3334)");
    expect(router.current("toy")).toEqual(thirds);
  });

  test("later changes of the object that was applied change nothing", async () => {
    const { router } = await openScene();
    const mine = structuredClone(thirds) as { arms: { weight: number }[] } & typeof thirds;
    router.apply(mine);
    mine.arms[0]!.weight = 1;
    expect(router.current("toy")).toEqual(thirds);
  });
});

test("the versions of a router are those of all its arms, with weight or without", async () => {
  const { router } = await openScene({ document: distributionOf({ stable: 10_000, canary: 0 }) });
  const versions = router.current("toy")!.arms.map(({ version }) => ({ model: "toy", version }));
  expect(versions).toHaveLength(2);
  expect(router.versions()).toEqual(versions);
});

import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../backends/virtual-clock.ts";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../proto/serving-error.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { openScene, routeOf, toyQuery, usersOf } from "./puppet-arms.fixture.ts";

const gone = new ServingError("UNAVAILABLE", "gone");

describe("spill", () => {
  const halves = distributionOf({ stable: 5_000, canary: 5_000 }, { users: { listed: "canary" } });
  const users = [...usersOf("canary", 3, halves), "listed"];
  const queries = () => users.map((user) => toyQuery(user));
  const spilledOver = { version: "1", arm: "stable", reason: RouteReason.SPILL };

  const armsFaults = [
    "UNAVAILABLE",
    "FAILED_PRECONDITION",
    "INTERNAL",
    "UNKNOWN",
    "DATA_LOSS",
    "UNIMPLEMENTED",
  ] as const;

  test.each(armsFaults)(
    "what an arm fails with %s goes to the stable arm, and is told as the arm's failure",
    async (code) => {
      const { router, puppets, told } = await openScene({ document: halves });
      puppets[0]!.perform();
      puppets[1]!.fail(new ServingError(code, "no"));
      const answers = await router.answer(queries());
      expect(answers.map(routeOf)).toEqual(
        users.map(() => ({ ...spilledOver, attempts: 2, degraded: "" })),
      );
      const failed = { model: "toy", arm: "canary", code: Code[code] };
      expect(told.answered).toMatchObject([
        { ...failed, reason: RouteReason.BUCKET, rows: 3 },
        { ...failed, reason: RouteReason.USER_LIST, rows: 1 },
      ]);
      expect(told.spilled).toMatchObject([
        { from: "canary", to: "stable", code: Code.OK, rows: 4 },
      ]);
    },
  );

  test("an arm that is not ready is not asked", async () => {
    const { router, puppets, told } = await openScene({ document: halves });
    puppets[0]!.perform();
    puppets[1]!.setReady(false);
    const answers = await router.answer(queries());
    expect(answers.map(routeOf)).toMatchObject(users.map(() => ({ ...spilledOver, attempts: 1 })));
    expect(puppets[1]!.waiting).toEqual([]);
    expect(told.answered[0]).toMatchObject({ arm: "canary", code: Code.UNAVAILABLE });
  });

  test("a version that nothing holds spills, too", async () => {
    const { router, puppets } = await openScene({ document: halves, versions: 1 });
    puppets[0]!.perform();
    expect((await router.answer(queries())).map(routeOf)).toMatchObject(
      users.map(() => spilledOver),
    );
  });

  test("when it fails as well, the first failure is told", async () => {
    const { router, puppets, told } = await openScene({ document: halves });
    puppets[0]!.fail(new ServingError("RESOURCE_EXHAUSTED", "full"));
    puppets[1]!.fail(gone);
    expect(await router.answer(queries())).toEqual(users.map(() => gone));
    expect(told.spilled).toMatchObject([{ code: Code.RESOURCE_EXHAUSTED, rows: 4 }]);
  });

  const others = [
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "RESOURCE_EXHAUSTED",
    "DEADLINE_EXCEEDED",
  ] as const;

  test.each(others)("%s stays, and so do failures of the stable arm", async (code) => {
    const { router, puppets, told } = await openScene({ document: halves });
    const bad = new ServingError(code, "no");
    puppets[1]!.fail(bad);
    puppets[0]!.fail(gone);
    const stableUsers = usersOf("stable", 2, halves);
    const all = [...users, ...stableUsers].map((user) => toyQuery(user));
    expect(await router.answer(all)).toEqual([...users.map(() => bad), gone, gone]);
    expect(told.spilled).toEqual([]);
  });

  test("happens only while the deadline allows and somebody waits", async () => {
    const clock = createVirtualClock();
    const { router, puppets } = await openScene({ document: halves, clock });
    puppets[0]!.perform();
    const caller = new AbortController();
    const [patient, due, left] = users as [string, string, string];
    const answering = router.answer([
      toyQuery(patient, { deadlineMs: 1_000 }),
      toyQuery(due, { deadlineMs: 100 }),
      toyQuery(left, { signal: caller.signal }),
    ]);
    await clock.advanceTo(120);
    caller.abort();
    puppets[1]!.failNext(gone);
    const answers = await answering;
    expect(routeOf(answers[0])).toMatchObject(spilledOver);
    expect(answers.slice(1)).toMatchObject([
      { code: Code.DEADLINE_EXCEEDED },
      { code: Code.CANCELLED },
    ]);
  });

  test("is not tried for who is past his deadline or has left", async () => {
    const { router, puppets, told } = await openScene({ document: halves });
    puppets[1]!.setReady(false);
    const [due, left] = users as [string, string];
    const answers = await router.answer([
      toyQuery(due, { deadlineMs: performance.now() - 1 }),
      toyQuery(left, { signal: AbortSignal.abort() }),
    ]);
    expect(answers).toMatchObject([{ code: Code.UNAVAILABLE }, { code: Code.UNAVAILABLE }]);
    expect(told.spilled).toEqual([]);
  });

  test("goes nowhere when the stable arm has no weight", async () => {
    const document = distributionOf({ stable: 0, canary: 10_000 });
    const { router, puppets } = await openScene({ document });
    puppets[1]!.setReady(false);
    puppets[1]!.fail(gone);
    expect(await router.answer([toyQuery("ann")])).toEqual([gone]);
    expect(puppets[0]!.waiting).toEqual([]);
  });

  test("heeds a revision that was applied while the arm was being asked", async () => {
    const { router, puppets } = await openScene({ document: halves });
    const answering = router.answer(queries());
    router.apply(distributionOf({ stable: 0, canary: 10_000 }, { revision: 2 }));
    puppets[1]!.failNext(gone);
    expect(await answering).toEqual(users.map(() => gone));
    expect(puppets[0]!.waiting).toEqual([]);
  });

  test("in flight when the router closes is waited for", async () => {
    const { router, puppets } = await openScene({ document: halves });
    const answering = router.answer(queries());
    const closed = router.close();
    puppets[1]!.failNext(gone);
    await expect.poll(() => puppets[0]!.waiting.length).toBe(1);
    puppets[0]!.answerNext();
    expect((await answering).map(routeOf)).toMatchObject(users.map(() => spilledOver));
    await closed;
  });

  describe("an arm's version that nobody holds", () => {
    const nowhere = distributionOf({ stable: 10_000, canary: 0 });
    const [stable, canary] = nowhere.arms;
    const document = { ...nowhere, arms: [{ ...stable!, version: "99" }, canary!] };

    test("is an outage to who named none, and the arm's own failure to the meter", async () => {
      const { router, puppets, told } = await openScene({ document });
      puppets[0]!.perform();
      expect(await router.answer([toyQuery("ann")])).toMatchObject([
        {
          code: Code.UNAVAILABLE,
          message: "arm stable wants version 99, which no server holds",
          cause: { code: Code.FAILED_PRECONDITION },
        },
      ]);
      expect(told.answered).toMatchObject([{ arm: "stable", code: Code.FAILED_PRECONDITION }]);
    });

    test("stays the caller's fault where he named it", async () => {
      const { router } = await openScene({ document, mayOverride: () => true });
      expect(await router.answer([toyQuery("ann", { version: "99" })])).toMatchObject([
        { code: Code.FAILED_PRECONDITION },
      ]);
    });

    test("is not blamed for what a server that holds it refuses", async () => {
      const { router, puppets } = await openScene({ document: distributionOf({ stable: 10_000 }) });
      const refused = new ServingError("FAILED_PRECONDITION", "not like this");
      puppets[0]!.fail(refused);
      expect(await router.answer([toyQuery("ann")])).toEqual([refused]);
    });
  });
});

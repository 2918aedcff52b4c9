import { describe, expect, test } from "vitest";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { openScene, routeOf, toyQuery } from "./puppet-arms.fixture.ts";

const gone = new ServingError("UNAVAILABLE", "gone");
const thirds = distributionOf({ stable: 3_334, canary: 3_333, blue: 3_333 });

function isTester({ metadata }: Call): boolean {
  return metadata.get("role") === "tester";
}

describe("overrides", () => {
  const toCanary = new Map([["x-crossfade-arm", "canary"]]);
  const role = new Map([...toCanary, ["role", "tester"]]);

  test("need a role, whether by arm or by version", async () => {
    const { router, puppets, told } = await openScene({ document: thirds, mayOverride: isTester });
    for (const puppet of puppets) puppet.perform();
    const tester = new Map([["role", "tester"]]);
    const answers = await router.answer([
      toyQuery("ann", { metadata: toCanary }),
      toyQuery("ann", { version: "2" }),
      toyQuery("ann", { metadata: role }),
      toyQuery("ann", { version: "2", metadata: tester }),
      toyQuery("ann", { version: "9", metadata: tester }),
    ]);
    const denied = { code: Code.PERMISSION_DENIED };
    expect(answers.slice(0, 2)).toMatchObject([denied, denied]);
    const overridden = { version: "2", arm: "canary", reason: RouteReason.OVERRIDE };
    expect(answers.slice(2, 4).map(routeOf)).toMatchObject([overridden, overridden]);
    expect(answers[4]).toMatchObject({ code: Code.FAILED_PRECONDITION });
    expect(told.refused).toEqual([
      ["toy", Code.PERMISSION_DENIED],
      ["toy", Code.PERMISSION_DENIED],
      ["toy", Code.FAILED_PRECONDITION],
    ]);
  });

  test("are decided once per call", async () => {
    let asked = 0;
    const mayOverride = () => ++asked > 0;
    const { router, puppets } = await openScene({ document: thirds, mayOverride });
    for (const puppet of puppets) puppet.perform();
    const query = toyQuery("ann", { metadata: role });
    await router.answer([query, query, query]);
    expect(asked).toBe(1);
  });

  test("nobody has it unless it is said who", async () => {
    const { router } = await openScene({ document: thirds });
    const [answer] = await router.answer([toyQuery("ann", { metadata: role })]);
    expect(answer).toMatchObject({ code: Code.PERMISSION_DENIED });
  });

  test("get that arm's answer or its failure: they never spill", async () => {
    const { router, puppets, told } = await openScene({
      document: thirds,
      mayOverride: () => true,
    });
    puppets[1]!.fail(gone);
    const [answer] = await router.answer([toyQuery("ann", { metadata: role })]);
    expect(answer).toBe(gone);
    expect(told.spilled).toEqual([]);
  });
});

describe("the kill switch", () => {
  test("sends every query to its arm, which then answers or fails alone", async () => {
    const document = { ...thirds, killSwitch: "canary", users: { ann: "blue" } };
    const { router, puppets } = await openScene({ document });
    puppets[1]!.perform();
    const queries = ["ann", "", "u1", "u2"].map((user) => toyQuery(user));
    const killed = { version: "2", arm: "canary", reason: RouteReason.KILL_SWITCH };
    expect((await router.answer(queries)).map(routeOf)).toMatchObject(queries.map(() => killed));
    puppets[1]!.fail(gone);
    expect(await router.answer(queries)).toEqual(queries.map(() => gone));
    expect(puppets.map(({ waiting }) => waiting.length)).toEqual([0, 0, 0]);
  });

  test("decides whether the router is ready", async () => {
    const { router, puppets } = await openScene({ document: { ...thirds, killSwitch: "canary" } });
    puppets[0]!.setReady(false);
    expect(router.isReady("toy", "")).toBe(true);
    puppets[1]!.setReady(false);
    expect(router.isReady("toy", "")).toBe(false);
  });
});

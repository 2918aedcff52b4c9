import { describe, expect, test } from "vitest";
import { Random } from "../models/random.ts";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../proto/serving-error.ts";
import { createAssignment, defaultAssignment } from "./assignment.ts";
import { createBucketOf } from "./bucket.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { pick, type Choosing } from "./pick.ts";
import { reweigh } from "./reweigh.ts";

const weights = { stable: 9_000, canary: 1_000, dark: 0 };
const plain = distributionOf(weights, { users: { ann: "canary", zoë: "dark" } });
const never = () => {
  throw new Error("chance was asked");
};

const armOf = (result: ReturnType<typeof pick>) => ("arm" in result ? result.arm.name : result);

function picked(
  document: typeof plain,
  { user = "bob", ...asked }: { user?: string } & Omit<Partial<Choosing>, "user">,
) {
  const choosing = { user: Buffer.from(user), ...asked };
  const result = pick(createAssignment(document), choosing, never);
  return "arm" in result ? [result.arm.name, result.reason] : result;
}

describe("what goes before what", () => {
  const killed = { ...plain, killSwitch: "stable" };

  test.each([
    [
      "the kill switch before all",
      killed,
      { user: "ann", override: { arm: "dark" } },
      "stable",
      RouteReason.KILL_SWITCH,
    ],
    [
      "the kill switch, by its own version",
      killed,
      { override: { version: "1" } },
      "stable",
      RouteReason.KILL_SWITCH,
    ],
    [
      "an override before the user list",
      plain,
      { user: "ann", override: { arm: "stable" } },
      "stable",
      RouteReason.OVERRIDE,
    ],
    [
      "a version as an override",
      plain,
      { override: { version: "2" } },
      "canary",
      RouteReason.OVERRIDE,
    ],
    [
      "an override to an arm of no weight",
      plain,
      { override: { arm: "dark" } },
      "dark",
      RouteReason.OVERRIDE,
    ],
    [
      "arm and version that agree",
      plain,
      { override: { arm: "canary", version: "2" } },
      "canary",
      RouteReason.OVERRIDE,
    ],
    ["the user list before the bucket", plain, { user: "ann" }, "canary", RouteReason.USER_LIST],
    [
      "the user list, to an arm of no weight",
      plain,
      { user: "zoë" },
      "dark",
      RouteReason.USER_LIST,
    ],
    ["the bucket before chance", plain, {}, "stable", RouteReason.BUCKET],
  ] as const)("%s", (...[, document, choosing, arm, reason]) => {
    expect(picked(document, choosing)).toEqual([arm, reason]);
  });

  test.each([
    [
      "an arm that is not there",
      plain,
      { arm: "blue\n" },
      Code.INVALID_ARGUMENT,
      'x-crossfade-arm is "blue\\n"; there are stable (version 1), canary (version 2)',
    ],
    [
      "a version that no arm has",
      plain,
      { version: "9" },
      Code.FAILED_PRECONDITION,
      'no arm has version "9"; there are stable (version 1)',
    ],
    [
      "an arm and the version of another",
      plain,
      { arm: "canary", version: "1" },
      Code.INVALID_ARGUMENT,
      'has version 2, and model_version is "1"; send one of them',
    ],
    [
      "a version that the kill switch rules out",
      killed,
      { version: "2" },
      Code.FAILED_PRECONDITION,
      'the arm stable with version 1, not version "2"; send no model_version',
    ],
  ] as const)("refuses %s", (...[, document, override, code, message]) => {
    expect(picked(document, { override })).toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

test("a model without a distribution is stable, in whichever version is asked for", () => {
  const user = Buffer.from("ann");
  const stable = { arm: { name: "stable", version: "" } };
  expect(pick(defaultAssignment, { user }, never)).toMatchObject({
    ...stable,
    reason: RouteReason.BUCKET,
  });
  for (const override of [{ version: "7" }, { arm: "stable" }, { arm: "stable", version: "7" }])
    expect(pick(defaultAssignment, { user, override }, never)).toMatchObject({
      ...stable,
      reason: RouteReason.OVERRIDE,
    });
});

test("who has no user key gets each arm by its weight", () => {
  const random = new Random(1);
  const assignment = createAssignment(plain);
  const rows = 20_000;
  let canary = 0;
  for (let i = 0; i < rows; i++) {
    const result = pick(assignment, { user: new Uint8Array() }, () => random.share());
    if (!("arm" in result) || result.reason !== RouteReason.ANONYMOUS) throw new Error("no arm");
    if (result.arm.name === "canary") canary++;
  }
  expect(Math.abs(canary - rows / 10)).toBeLessThan(3 * Math.sqrt(rows * 0.1 * 0.9));
});

test("a chance just below 1 is the last bucket", () => {
  const assignment = createAssignment(distributionOf({ stable: 9_999, canary: 1 }));
  const result = pick(assignment, { user: new Uint8Array() }, () => 1 - 2 ** -53);
  expect(result).toMatchObject({ arm: { name: "canary" } });
});

test("at every step the users' share is that of the weight, and a user is in the arm of his bucket", () => {
  const users = Array.from({ length: 20_000 }, (_, i) => Buffer.from(`listener-${i}`));
  const bucketOf = createBucketOf(plain.salt);
  let document = distributionOf({ stable: 10_000, canary: 0 });
  for (const canary of [1, 100, 500, 2_500, 5_000, 9_999, 10_000, 3_000, 0]) {
    document = { ...document, arms: reweigh(document, { canary, stable: 10_000 - canary }) };
    const assignment = createAssignment(document);
    const isCanary = users.map((user) => armOf(pick(assignment, { user }, never)) === "canary");
    expect(isCanary).toEqual(users.map((user) => bucketOf(user) >= 10_000 - canary));
    const onCanary = isCanary.filter(Boolean).length;
    const share = canary / 10_000;
    const sigma = Math.sqrt(users.length * share * (1 - share));
    expect(Math.abs(onCanary - users.length * share)).toBeLessThanOrEqual(3 * sigma);
  }
});

test("users whose names look like another's bytes are not on his list", () => {
  const latin1 = Buffer.from("zo\u00ab", "latin1");
  const assignment = createAssignment(plain);
  expect(assignment.armOfUser(latin1)).toBeUndefined();
  expect(assignment.armOfUser(Buffer.from("__proto__"))).toBeUndefined();
  expect(assignment.armOfUser(Buffer.from("zoë"))?.name).toBe("dark");
});

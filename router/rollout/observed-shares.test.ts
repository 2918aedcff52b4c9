import { expect, test } from "vitest";
import { Random } from "../../models/random.ts";
import { observedShares } from "./observed-shares.ts";

const verdicts = (canary: number, users: number, observed = (users * canary) / 10_000) =>
  observedShares([
    { arm: "stable", weight: 10_000 - canary, users: users - observed },
    { arm: "canary", weight: canary, users: observed },
  ]).map(({ verdict }) => verdict);

test.each([
  [1_000, 0, "too few"],
  [1_000, 120, "too few"],
  [1_000, 180, "fits"],
  [100, 1_200, "too few"],
  [100, 1_800, "fits"],
  [9_000, 120, "too few"],
  [9_000, 180, "fits"],
])("%ibp of %i users: %s", (canary, users, verdict) => {
  expect(verdicts(canary, users)).toEqual([verdict, verdict]);
});

test("what is far off differs; what chance may do in one of a hundred cases fits", () => {
  expect(verdicts(1_000, 10_000, 2_000)).toEqual(["differs", "differs"]);
  expect(verdicts(1_000, 1_000, 125)).toEqual(["fits", "fits"]);
});

test("where nobody belongs nobody may be, however few were seen", () => {
  expect(verdicts(0, 3, 0)).toEqual(["fits", "fits"]);
  expect(verdicts(0, 3, 1)).toEqual(["differs", "differs"]);
});

test("users who went where their bucket sends them are rarely said to differ", () => {
  const random = new Random(3);
  const all = Array.from({ length: 1_000 }, () => {
    const canary = 1 + random.below(9_999);
    const users = Array.from({ length: 2_000 }, () => random.below(10_000));
    return verdicts(canary, users.length, users.filter((bucket) => bucket < canary).length)[0];
  });
  expect(all.filter((verdict) => verdict === "fits").length).toBeGreaterThan(900);
  expect(all.filter((verdict) => verdict === "differs").length).toBeLessThanOrEqual(3);
});

test("the interval holds the share and shrinks with the users", () => {
  const [few] = observedShares([
    { arm: "a", weight: 5_000, users: 10 },
    { arm: "b", weight: 5_000, users: 10 },
  ]);
  const [many] = observedShares([
    { arm: "a", weight: 5_000, users: 1e6 },
    { arm: "b", weight: 5_000, users: 1e6 },
  ]);
  expect(few).toMatchObject({ share: 0.5 });
  expect(few!.high - few!.low).toBeGreaterThan(0.3);
  // What is left is what sketches are off by.
  expect(many!.high - many!.low).toBeCloseTo(2 * 1.96 * 0.25 * 0.01625 * Math.SQRT2, 3);
});

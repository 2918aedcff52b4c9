import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../backends/virtual-clock.ts";
import { createAssignment } from "../assignment.ts";
import { bucketCount } from "../bucket.ts";
import { distributionOf } from "../distributions.fixture.ts";
import { reweigh } from "../reweigh.ts";
import { createObserving } from "./observing.ts";
import { createOwnerOfBucket } from "./owner-of-bucket.ts";
import { countUsers } from "./user-sketch.ts";

const document = distributionOf({ stable: 8_000, canary: 1_000, blue: 1_000 });
const { arms } = document;
const assignment = createAssignment(document);
const [stable, canary] = arms as [(typeof arms)[0], (typeof arms)[0]];

function observing() {
  const clock = createVirtualClock();
  const seen = createObserving(document, clock);
  seen.routesBy(arms, undefined);
  return { clock, seen };
}

const usersOf = (arm: string, count: number) =>
  Array.from({ length: 100_000 }, (_, i) => Buffer.from(`u${i}`))
    .filter((user) => assignment.armOfBucket(assignment.bucketOf(user)).name === arm)
    .slice(0, count);

test("the second opinion on who has a bucket is that of the table that routes", () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 3_000 }), { minLength: 3, maxLength: 3 })
    .map(([canary, blue, green]) => ({ canary: canary!, blue: blue!, green: green! }));
  fc.assert(
    fc.property(fc.array(weights, { maxLength: 8 }), (changes) => {
      let document = distributionOf({ stable: 10_000, canary: 0, blue: 0, green: 0 });
      for (const others of changes) {
        const sum = others.canary + others.blue + others.green;
        const next = reweigh(document, { ...others, stable: bucketCount - sum });
        document = { ...document, arms: next };
      }
      const ownerOf = createOwnerOfBucket(document);
      const table = createAssignment(document);
      for (let bucket = 0; bucket < bucketCount; bucket++)
        if (document.arms[ownerOf(bucket)] !== table.armOfBucket(bucket))
          expect.fail(`bucket ${bucket}`);
    }),
    { numRuns: 50 },
  );
  expect(createOwnerOfBucket({ arms: [] })(5)).toBe(-1);
});

test("rows and users are counted by arm; others than those by bucket are not", () => {
  const { seen } = observing();
  for (const user of [...usersOf("canary", 40), ...usersOf("canary", 30)])
    seen.saw(canary, assignment.hashOf(user));
  for (const user of usersOf("stable", 5)) seen.saw(stable, assignment.hashOf(user));
  seen.saw(stable, undefined);
  const { arms: observed, contradictions } = seen.observed();
  expect(contradictions).toBe(0);
  expect(
    Object.entries(observed).map(([name, { rows, users }]) => [
      name,
      rows,
      Math.round(countUsers(users)),
    ]),
  ).toEqual([
    ["stable", 5, 5],
    ["canary", 70, 40],
    ["blue", 0, 0],
  ]);
});

test("a user in another arm than the document gives him contradicts it", () => {
  const { seen } = observing();
  const [user] = usersOf("canary", 1);
  seen.saw(stable, assignment.hashOf(user!));
  expect(seen.observed().contradictions).toBe(1);
  seen.saw({ ...canary }, assignment.hashOf(user!));
  expect(seen.observed().contradictions).toBe(2);
});

test("while an arm is lowered, its users on the stable arm contradict nothing; any other move does", () => {
  const { seen } = observing();
  seen.routesBy(arms, "canary");
  const [user] = usersOf("canary", 1);
  const [other] = usersOf("blue", 1);
  const [third] = usersOf("stable", 1);
  seen.saw(stable, assignment.hashOf(user!));
  seen.saw(canary, assignment.hashOf(user!));
  expect(seen.observed().contradictions).toBe(0);
  seen.saw(stable, assignment.hashOf(other!));
  expect(seen.observed().contradictions).toBe(1);
  seen.saw(canary, assignment.hashOf(third!));
  expect(seen.observed().contradictions).toBe(2);
});

test("rates are of the last minute, or of how long there is anything to see", async () => {
  const { clock, seen } = observing();
  const rate = () => seen.rowsPerSecond()["canary"];
  expect(rate()).toBe(0);
  const queries = async (perSecond: number, seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      await clock.advanceTo(clock.now() + 1_000);
      for (let row = 0; row < perSecond; row++) seen.saw(canary, undefined);
      seen.rowsPerSecond();
    }
  };
  await queries(10, 5);
  expect(rate()).toBeCloseTo(10, 5);
  await queries(10, 100);
  expect(rate()).toBeCloseTo(10, 5);
  await queries(40, 30);
  expect(rate()).toBeCloseTo(25, 5);
  await queries(0, 60);
  expect(rate()).toBe(0);
});

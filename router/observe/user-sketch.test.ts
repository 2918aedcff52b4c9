import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBucketOf, createUserHash } from "../bucket.ts";
import {
  countUsers,
  createUserSketch,
  isSketch,
  joinSketches,
  sketchError,
} from "./user-sketch.ts";

const hashOf = createUserHash("autumn");

function sketchOf(users: Iterable<number>): string {
  const sketch = createUserSketch();
  for (const user of users) sketch.add(hashOf(Buffer.from(`user-${user}`)));
  return sketch.encode();
}

function* range(start: number, end: number): Iterable<number> {
  for (let i = start; i < end; i++) yield i;
}

test("nobody is nothing", () => {
  expect(sketchOf([])).toBe("");
  expect(countUsers("")).toBe(0);
  expect(joinSketches([])).toBe("");
  expect(joinSketches(["", ""])).toBe("");
});

// Around 2.5 times the registers the plain estimator is biased by several percent.
test.each([1, 2, 5, 10, 100, 1_000, 5_000, 10_000, 12_000, 20_000, 50_000, 200_000, 1_000_000])(
  "%i users are counted within four standard errors",
  (users) => {
    const counted = countUsers(sketchOf(range(0, users)));
    expect(Math.abs(counted / users - 1)).toBeLessThan(4 * sketchError);
    if (users <= 10) expect(Math.round(counted)).toBe(users);
  },
);

test("the estimate has no bias where the plain one has", () => {
  const users = 10_000;
  const errors = Array.from(
    { length: 40 },
    (_, i) => countUsers(sketchOf(range(i * users, (i + 1) * users))) / users - 1,
  );
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  expect(Math.abs(mean)).toBeLessThan((4 * sketchError) / Math.sqrt(errors.length));
});

test("who comes often counts once", () => {
  const users = Array.from({ length: 50_000 }, (_, i) => i % 100);
  expect(Math.round(countUsers(sketchOf(users)))).toBe(100);
});

test("the users of one single bucket are counted as well as all", () => {
  const bucketOf = createBucketOf("autumn");
  const users = [...range(0, 1_000_000)].filter(
    (user) => bucketOf(Buffer.from(`user-${user}`)) === 4_242,
  );
  expect(users.length).toBeGreaterThan(70);
  expect(Math.abs(countUsers(sketchOf(users)) / users.length - 1)).toBeLessThan(4 * sketchError);
});

test("joined, sketches are the sketch of all that each has seen", () => {
  const users = fc.uniqueArray(fc.nat({ max: 5_000 }), { maxLength: 3_000, size: "max" });
  fc.assert(
    fc.property(users, users, (one, other) => {
      expect(joinSketches([sketchOf(one), "", sketchOf(other)])).toBe(sketchOf([...one, ...other]));
    }),
    { numRuns: 30 },
  );
});

describe("what is no sketch is refused", () => {
  const dense = sketchOf(range(0, 100_000));

  test.each([
    ["too long", Buffer.alloc(4_097)],
    ["torn", Buffer.from(dense, "base64").subarray(0, 4_000)],
    ["a register that is not there", Buffer.from([0x10, 0, 1])],
    ["a rank that no hash has", Buffer.from([0, 0, 34])],
    ["ranks that no hash has", Buffer.alloc(4_096, 77)],
  ])("%s", (_, bytes) => {
    expect(() => countUsers(bytes.toString("base64"))).toThrow("this is no sketch of users");
    expect(isSketch(bytes.toString("base64"))).toBe(false);
  });

  test("a whole one is small", () => {
    expect(dense.length).toBeLessThan(5_600);
    expect(["", dense, sketchOf(range(0, 3))].every(isSketch)).toBe(true);
  });
});

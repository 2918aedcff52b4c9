import { expect, test } from "vitest";
import { createVirtualClock } from "../../../backends/virtual-clock.ts";
import { createTokenBuckets } from "./token-buckets.ts";

test("a burst, then so many a second, for each caller by himself", async () => {
  const clock = createVirtualClock();
  const buckets = createTokenBuckets({ burst: 3, perSecond: 2, clock });
  const took = (caller: string) => buckets.take(caller);
  expect([took("ann"), took("ann"), took("ann"), took("ann")]).toEqual([
    undefined,
    undefined,
    undefined,
    500,
  ]);
  expect(took("bob")).toBeUndefined();
  await clock.advanceTo(400);
  expect(took("ann")).toBe(100);
  await clock.advanceTo(500);
  expect([took("ann"), took("ann")]).toEqual([undefined, 500]);
  await clock.advanceTo(100_000);
  expect([took("ann"), took("ann"), took("ann"), took("ann")].at(-1)).toBe(500);
});

test("who was charged more waits for longer", async () => {
  const clock = createVirtualClock();
  const buckets = createTokenBuckets({ burst: 3, perSecond: 2, clock });
  expect(buckets.take("ann")).toBeUndefined();
  buckets.charge("ann", 11);
  expect(buckets.take("ann")).toBe(5_000);
  expect(buckets.take("bob")).toBeUndefined();
  await clock.advanceTo(5_000);
  expect([buckets.take("ann"), buckets.take("ann")]).toEqual([undefined, 500]);
});

test("who was not here for longest is forgotten first", () => {
  const buckets = createTokenBuckets({ burst: 1, perSecond: 0.001, clock: createVirtualClock() });
  buckets.take("first");
  buckets.take("second");
  for (let i = 0; i < 9_998; i++) buckets.take(`${i}`);
  expect(buckets.take("first")).toBeGreaterThan(0);
  buckets.take("one more");
  expect(buckets.take("second")).toBeUndefined();
  expect(buckets.take("first")).toBeGreaterThan(0);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRecentIds } from "./recent-ids.ts";

const windowMs = 100;

/** The same by a list, oldest first. */
function createPlainIds(maxIds: number) {
  const known: { id: string; atMs: number }[] = [];
  return {
    has: (id: string, nowMs: number) =>
      known.some((one) => one.id === id && one.atMs > nowMs - windowMs),
    add(id: string, atMs: number) {
      while (known.length > 0 && known[0]!.atMs <= atMs - windowMs) known.shift();
      if (known.length === maxIds) known.shift();
      known.push({ id, atMs });
    },
  };
}

const all = Array.from({ length: 31 }, (_, i) => String(i));

const steps = fc.array(
  fc.record({ id: fc.nat(30).map(String), afterMs: fc.constantFrom(0, 0, 1, 20, 101) }),
  { maxLength: 200 },
);

test("is what a plain list would be, through wrapping, expiry and being full", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 9 }), (script, maxIds) => {
      const ids = createRecentIds({ windowMs, maxIds });
      const plain = createPlainIds(maxIds);
      let nowMs = 1_000;
      for (const { id, afterMs } of script) {
        nowMs += afterMs;
        const known = (of: Pick<typeof plain, "has">) => all.filter((one) => of.has(one, nowMs));
        expect(known(ids)).toEqual(known(plain));
        if (ids.has(id, nowMs)) continue;
        ids.add(id, nowMs);
        plain.add(id, nowMs);
      }
    }),
  );
});

test("older ones fill what is left, newest first, and are the first to be forgotten", () => {
  const ids = createRecentIds({ windowMs: 1_000, maxIds: 3 });
  ids.add("now", 500);
  expect(ids.addOlder("before", 400)).toBe(true);
  expect(ids.addOlder("now", 350)).toBe(true);
  expect(ids.addOlder("long before", 300)).toBe(true);
  expect(ids.addOlder("too long before", 200)).toBe(false);
  const known = () => ["now", "before", "long before"].map((id) => ids.has(id, 600));
  expect(known()).toEqual([true, true, true]);
  ids.add("next", 600);
  expect(known()).toEqual([true, true, false]);
  expect(ids.forgottenEarly()).toBe(1);
});

test("an id that came again after its time is known from then on", () => {
  const ids = createRecentIds({ windowMs: 100, maxIds: 10 });
  ids.add("a", 0);
  for (let i = 0; i < 3; i++) ids.addOlder(`older ${i}`, 0);
  expect(ids.has("a", 100)).toBe(false);
  ids.add("a", 100);
  for (let i = 0; i < 9; i++) ids.add(String(i), 101);
  expect(ids.has("a", 199)).toBe(true);
  ids.add("one too many", 102);
  expect(ids.has("a", 199)).toBe(false);
});

test("a hundred thousand ids take part in one table without being mistaken", () => {
  const ids = createRecentIds({ windowMs: 1_000, maxIds: 50_000 });
  let mistaken = 0;
  for (let i = 0; i < 100_000; i++) {
    if (ids.has(`event ${i}`, 1)) mistaken += 1;
    ids.add(`event ${i}`, 1);
  }
  expect(mistaken).toBe(0);
  const known = Array.from({ length: 100_000 }, (_, i) => ids.has(`event ${i}`, 1));
  expect(known.indexOf(true)).toBe(50_000);
  expect(known.lastIndexOf(false)).toBe(49_999);
  expect(ids.forgottenEarly()).toBe(50_000);
});

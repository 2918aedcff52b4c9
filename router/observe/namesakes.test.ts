import { expect, test } from "vitest";
import { withoutPredecessors } from "./namesakes.ts";

const one = (instance: string, aliveMs: number, silentMs: number) => ({
  router: "r",
  instance,
  aliveMs,
  silentMs,
});

test("who restarted is one router; two that lived at the same time are two, whoever is silent now", () => {
  const left = (...reports: ReturnType<typeof one>[]) =>
    withoutPredecessors(reports).map(({ instance }) => instance);
  expect(left(one("crashed", 60_000, 5_001), one("next", 4_000, 1_000))).toEqual(["next"]);
  expect(left(one("cut off", 60_000, 4_999), one("next", 4_000, 1_000))).toHaveLength(2);
  expect(left(one("a", 60_000, 100), one("b", 60_000, 200))).toEqual(["a", "b"]);
  expect(left(one("a", 9, 9_000), { ...one("b", 9, 9), router: "other" })).toEqual(["a", "b"]);
});

test("an older build's, which tells no instance, is followed as well, and follows nobody", () => {
  const old = { router: "r", silentMs: 5_000 };
  const next = one("next", 1_000, 0);
  expect(withoutPredecessors<typeof old>([old, next])).toEqual([next]);
  expect(withoutPredecessors<typeof old>([{ ...old, silentMs: 0 }, next])).toHaveLength(2);
});

import { expect, test } from "vitest";
import { createSessionRuns, freeFirst } from "./session-runs.ts";

function sessionWith(...expectedMs: number[]) {
  const session = createSessionRuns();
  for (const ms of expectedMs) session.sent(ms, 0);
  return session;
}

test("a session is expected to need what its runs need, less what has passed of the first", () => {
  const session = sessionWith(10, 4);
  expect([0, 7, 10].map((nowMs) => session.leftMs(nowMs))).toEqual([14, 7, 4]);
  session.ended(12);
  expect([session.runs, session.leftMs(12), session.leftMs(15)]).toEqual([1, 4, 1]);
  session.ended(16);
  expect([session.runs, session.leftMs(99)]).toEqual([0, 0]);
});

test("a run that overstays is expected to take ever longer", () => {
  const session = sessionWith(10);
  expect([11, 30, 10_010].map((nowMs) => session.leftMs(nowMs))).toEqual([1, 20, 10_000]);
});

test("an idle session is free first, even before one that should be done by now", () => {
  const idle = sessionWith();
  expect(freeFirst([sessionWith(10), idle, sessionWith(5)], 10)).toBe(idle);
});

test("among busy ones it is the one with the least left, and no hung one", () => {
  const hung = sessionWith(1);
  const slow = sessionWith(1000);
  const quick = sessionWith(995, 3);
  expect(freeFirst([hung, slow, quick], 2)).toBe(hung);
  expect(freeFirst([hung, slow, quick], 950)).toBe(quick);
  expect(freeFirst([], 0)).toBe(undefined);
});

test("a run hangs that takes half a minute, and twenty times what was expected", () => {
  const hangsAt = (expectedMs: number, ...times: number[]) => {
    const session = sessionWith(expectedMs);
    return times.map((nowMs) => session.hangs(nowMs));
  };
  expect(hangsAt(10, 29_999, 30_001)).toEqual([false, true]);
  expect(hangsAt(10_000, 30_001, 199_999, 200_001)).toEqual([false, false, true]);
  const session = sessionWith(10, 10);
  session.ended(40_000);
  expect([session.hangs(40_001), session.hangs(70_001)]).toEqual([false, true]);
  session.ended(80_000);
  expect(session.hangs(1e9)).toBe(false);
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, nextStepAtMs } from "./advance.ts";
import type { Rollout } from "./rollout.ts";
import { standsStill } from "./stands-still.ts";
import { change, minutes, steady, stepping, weightsOf } from "./rollouts.fixture.ts";

const stepper = { auditId: "a9", by: "router one", from: "host" };
const held = { isHeld: true };
const unheld = { isHeld: false };
/** By whoever saw all of the step. */
function at(rollout: Rollout, nowMs: number, canary = held) {
  const { state } = rollout;
  const dweltMs = state.phase === "stepping" ? nowMs - state.sinceMs : 0;
  return advance(rollout, { nowMs, dweltMs, canary }, stepper);
}

const first = stepping("100bp 10m, 500bp 30m, 2500bp pause, 10000bp");

describe("a step", () => {
  test("goes on when it has had its time, not before", () => {
    expect(nextStepAtMs(first)).toBe(10 * minutes);
    expect(at(first, 10 * minutes - 1)).toBeUndefined();
    const second = at(first, 10 * minutes)!;
    expect(weightsOf(second)["canary"]).toBe(500);
    expect(second.distribution.revision).toBe(first.distribution.revision + 1);
    expect(second.changed).toEqual({
      ...stepper,
      verb: "advance",
      reason: "step 2 of 4 (500bp 30m): the time of the one before has passed",
      atMs: 10 * minutes,
    });
  });

  test("waits at a pause however long", () => {
    const third = at(at(first, 10 * minutes)!, 40 * minutes)!;
    expect(third.state).toEqual({ phase: "paused", step: 2, sinceMs: 40 * minutes });
    expect(nextStepAtMs(third)).toBeUndefined();
    expect(at(third, 1e15)).toBeUndefined();
    const last = change(third, { verb: "resume" }, 50 * minutes);
    const promoted = at(last, 50 * minutes)!;
    expect(promoted.state).toEqual({ phase: "promoted", sinceMs: 50 * minutes });
    expect(promoted.distribution.arms).toMatchObject([{ name: "stable", version: "2" }]);
    expect(at(promoted, 1e15)).toBeUndefined();
  });

  test("that comes late has its whole time from then on, and skips none", () => {
    const late = at(first, 600 * minutes)!;
    expect(late.state).toEqual({ phase: "stepping", step: 1, sinceMs: 600 * minutes });
    expect(at(late, 600 * minutes)).toBeUndefined();
    expect(at(late, 630 * minutes)?.state).toMatchObject({ step: 2 });
  });

  test("does not go back with a clock that does", () => {
    expect(at(first, -minutes)).toBeUndefined();
  });

  test("goes on by what was seen of it, whatever times say that others wrote", () => {
    const early = { nowMs: 1e15, dweltMs: 10 * minutes - 1, canary: held };
    expect(advance(first, early, stepper)).toBeUndefined();
    const late = { nowMs: -minutes, dweltMs: 10 * minutes, canary: held };
    expect(advance(first, late, stepper)?.state).toMatchObject({ step: 1 });
  });

  test("stands still while no server holds the canary's version, and says so", () => {
    expect(at(first, 10 * minutes, unheld)).toBeUndefined();
    expect(standsStill(first, { canary: unheld })).toBe("no server holds version 2");
    expect(at(first, 11 * minutes, held)?.state).toMatchObject({ step: 1 });
    expect(standsStill(first, { canary: held })).toBeUndefined();
    const last = stepping("10000bp 1m");
    expect(at(last, 1e15, unheld)).toBeUndefined();
    for (const still of [steady({ stable: 10_000 }), change(first, { verb: "pause" })])
      expect(standsStill(still, { canary: unheld })).toBeUndefined();
  });

  test("promotes after the last one's time, whatever its weight", () => {
    const only = stepping("500bp 30m");
    expect(at(only, 30 * minutes)!.state.phase).toBe("promoted");
    expect(at(only, 30 * minutes)!.changed.reason).toBe(
      "the time of the last step has passed: the canary's version is the stable one",
    );
  });
});

test("nothing goes on by hand, while paused, after an abort, or under a kill switch", () => {
  const still = [
    steady({ stable: 9_500, canary: 500 }),
    change(first, { verb: "pause" }),
    change(first, { verb: "abort" }),
    change(first, { verb: "set kill-switch", arm: "stable" }),
    { ...first, distribution: { ...first.distribution, killSwitch: "stable" } },
  ];
  expect(still.map((rollout) => at(rollout, 1e15))).toEqual(still.map(() => undefined));
});

test("whenever it is looked at, every step lasts at least its time, in order", () => {
  const looks = fc.array(fc.integer({ min: 0, max: 25 * minutes }), { maxLength: 40 });
  fc.assert(
    fc.property(looks, (gaps) => {
      let rollout = stepping("100bp 10m, 500bp 30m, 1000bp 5m, 10000bp 1m");
      let nowMs = 0;
      for (const gap of gaps) {
        nowMs += gap;
        const dueMs = nextStepAtMs(rollout);
        const next = at(rollout, nowMs);
        if (next === undefined) {
          expect(dueMs === undefined || nowMs < dueMs).toBe(true);
          continue;
        }
        expect(nowMs).toBeGreaterThanOrEqual(dueMs!);
        if (rollout.state.phase === "stepping" && next.state.phase === "stepping")
          expect(next.state.step).toBe(rollout.state.step + 1);
        else expect(rollout.state).toMatchObject({ step: 3 });
        rollout = next;
      }
    }),
  );
});

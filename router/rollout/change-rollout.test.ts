import { describe, expect, test } from "vitest";
import { advance } from "./advance.ts";
import type { Intent } from "./intent.ts";
import { movedBasisPoints } from "./moved-basis-points.ts";
import type { Rollout } from "./rollout.ts";
import { authorAt, change, minutes, steady, stepping, weightsOf } from "./rollouts.fixture.ts";
import { parseSteps } from "./steps-text.ts";

const plain = steady({ stable: 9_500, canary: 500 });
const canary = { isHeld: true };
const steps = "100bp 10m, 500bp 30m, 2500bp pause, 10000bp";
const setSteps: Intent = { verb: "set steps", steps: parseSteps(steps) };

function moved(before: Rollout, after: Rollout): number {
  return movedBasisPoints(before.distribution, after.distribution);
}

test("every change has the next revision, and says who made it, when and why", () => {
  const next = change(plain, { verb: "set weight", weights: { canary: 600 } }, 7);
  expect(next.distribution.revision).toBe(2);
  expect(next.changed).toEqual({ ...authorAt(7), verb: "set weight" });
  expect(change(stepping(steps), { verb: "pause" }).distribution.revision).toBe(3);
});

describe("set weight", () => {
  test("the stable arm takes or gives what is missing", () => {
    const raised = change(plain, { verb: "set weight", weights: { canary: 800 } });
    expect(weightsOf(raised)).toEqual({ stable: 9_200, canary: 800 });
    expect(moved(plain, raised)).toBe(300);
    const lowered = change(raised, { verb: "set weight", weights: { canary: 0 } });
    expect(weightsOf(lowered)).toEqual({ stable: 10_000, canary: 0 });
  });

  test("is no error where the weights are so already", () => {
    const same = change(plain, { verb: "set weight", weights: { canary: 500 } });
    expect(moved(plain, same)).toBe(0);
  });

  test("ends the steps", () => {
    const { plan, state } = change(stepping(steps), {
      verb: "set weight",
      weights: { canary: 300 },
    });
    expect({ plan, state }).toEqual({ plan: undefined, state: { phase: "steady" } });
  });
});

function set(arm: string, version: string): Intent {
  return { verb: "set version", arm, version, salt: "fresh" };
}

describe("set version", () => {
  test("adds an arm with weight 0, and a new rollout has a new salt", () => {
    const { distribution } = change(steady({ stable: 10_000 }), set("canary", "7"));
    expect(distribution.arms[1]).toEqual({ name: "canary", version: "7", weight: 0, ranges: [] });
    expect(distribution.salt).toBe("fresh");
  });

  test("keeps the salt while users are on another arm than the stable one", () => {
    const { distribution } = change(plain, set("blue", "7"));
    expect(distribution.salt).toBe(plain.distribution.salt);
  });

  test("begins the rollout of a model that has none, with its stable version", () => {
    const { distribution } = change(undefined, set("stable", "3"));
    expect(distribution).toMatchObject({ revision: 1, salt: "fresh", model: "toy" });
    expect(distribution.arms).toEqual([
      { name: "stable", version: "3", weight: 10_000, ranges: [[0, 10_000]] },
    ]);
    expect(() => change(undefined, set("canary", "3"))).toThrow(
      "model toy has no rollout: its servers' default version answers; begin one with `set version stable=VERSION`",
    );
  });

  test("changes nothing where the version is so already, even while steps run", () => {
    const running = stepping(steps);
    expect(change(running, set("canary", "2"))).toMatchObject({ state: running.state });
  });
});

describe("steps", () => {
  test("begin with the first, go on by promote, and end with everybody on the canary's version", () => {
    const first = stepping(steps);
    expect([weightsOf(first)["canary"], first.state]).toEqual([
      100,
      { phase: "stepping", step: 0, sinceMs: 0 },
    ]);
    const promote: Intent = { verb: "promote", full: false };
    const second = change(first, promote, 5);
    expect([weightsOf(second)["canary"], second.state]).toEqual([
      500,
      { phase: "stepping", step: 1, sinceMs: 5 },
    ]);
    const third = change(second, promote, 6);
    expect([weightsOf(third)["canary"], third.state]).toEqual([
      2_500,
      { phase: "paused", step: 2, sinceMs: 6 },
    ]);
    const last = change(third, promote, 7);
    expect(weightsOf(last)).toEqual({ stable: 0, canary: 10_000 });
    const { distribution, plan, state } = change(last, promote, 8);
    expect(distribution.arms).toEqual([
      { name: "stable", version: "2", weight: 10_000, ranges: [[0, 10_000]] },
    ]);
    expect([plan, state]).toEqual([undefined, { phase: "promoted", sinceMs: 8 }]);
  });

  test("pause keeps what is left of a step, and resume goes on with it", () => {
    const held = change(stepping(steps), { verb: "pause" }, 4 * minutes);
    expect(held.state).toMatchObject({ phase: "paused", leftMs: 6 * minutes });
    const resumed = change(held, { verb: "resume" }, 60 * minutes);
    const stepper = { auditId: "a", by: "router", from: "" };
    expect(resumed.state).toMatchObject({ phase: "stepping", sinceMs: 56 * minutes });
    const at = (dweltMs: number) => advance(resumed, { nowMs: 0, dweltMs, canary }, stepper);
    expect(at(10 * minutes - 1)).toBeUndefined();
    expect(at(10 * minutes)?.state).toMatchObject({ step: 1 });
    expect(moved(stepping(steps), resumed)).toBe(0);
  });

  test("resume goes from a step that pauses by itself to the next one", () => {
    const held = stepping("500bp pause, 1000bp 5m");
    expect(change(held, { verb: "resume" }, 9).state).toEqual({
      phase: "stepping",
      step: 1,
      sinceMs: 9,
    });
  });

  test("leave a third arm alone", () => {
    const three = steady({ stable: 9_000, canary: 500, blue: 500 });
    const next = change(three, { verb: "set steps", steps: parseSteps("9500bp 1m") });
    expect(weightsOf(next)).toEqual({ stable: 0, canary: 9_500, blue: 500 });
    expect(() => change(three, setSteps)).toThrow(
      "step 4: canary cannot have 10000bp; other arms leave 9500bp",
    );
  });

  test("raise the arm named canary, wherever it stands; else the second", () => {
    const one = { verb: "set steps", steps: parseSteps("700bp 1m") } as const;
    expect(weightsOf(change(steady({ stable: 10_000, blue: 0, canary: 0 }), one))["canary"]).toBe(
      700,
    );
    expect(weightsOf(change(steady({ stable: 10_000, blue: 0, next: 0 }), one))["blue"]).toBe(700);
  });
});

describe("promote --full", () => {
  test("keeps the version of whoever had the canary's, and of arms beside it", () => {
    const users = { ann: "canary", bob: "blue" };
    const shadow = { arm: "canary", basisPoints: 100, maxConcurrent: 1 };
    const before = steady({ stable: 8_000, canary: 500, blue: 1_500 }, { users, shadow });
    const after = change(before, { verb: "promote", full: true });
    expect(after.distribution.arms.map(({ name, version }) => [name, version])).toEqual([
      ["stable", "2"],
      ["blue", "3"],
    ]);
    expect(after.distribution.users).toEqual({ ann: "stable", bob: "blue" });
    expect(after.distribution.shadow).toBeUndefined();
    expect(moved(before, after)).toBe(8_000);
  });
});

describe("abort", () => {
  test("takes everybody back: by bucket, by list and by kill switch", () => {
    const before = steady(
      { stable: 8_000, canary: 2_000 },
      {
        users: { ann: "canary", bob: "stable" },
        killSwitch: "canary",
        shadow: { arm: "canary", basisPoints: 5, maxConcurrent: 1 },
      },
    );
    const { distribution, state } = change(before, { verb: "abort" }, 3);
    expect(distribution).toEqual({
      ...distribution,
      arms: steady({ stable: 10_000, canary: 0 }).distribution.arms,
      users: { bob: "stable" },
    });
    expect(distribution).not.toHaveProperty("killSwitch");
    expect(distribution).not.toHaveProperty("shadow");
    expect(state).toEqual({ phase: "aborted", sinceMs: 3 });
  });

  test("ends steps", () => {
    expect(change(stepping(steps), { verb: "abort" }).plan).toBeUndefined();
  });
});

describe("undo", () => {
  test("brings back exactly the users, lists and kill switch of then", () => {
    const before = steady(
      { stable: 8_000, canary: 2_000 },
      { users: { ann: "canary" }, killSwitch: "stable" },
    );
    const aborted = change(before, { verb: "abort" });
    const back = change(aborted, { verb: "undo", former: before.distribution });
    expect(back.distribution).toEqual({ ...before.distribution, revision: 3 });
    expect(back.state).toEqual({ phase: "steady" });
  });
});

describe("adopt", () => {
  test("writes what routers hold above every revision that any of them has", () => {
    const held = { ...stepping(steps), changed: { ...authorAt(0), verb: "set steps" } };
    const adopted = change(plain, { verb: "adopt", held, highest: 40 });
    expect(adopted.distribution).toEqual({ ...held.distribution, revision: 41 });
    expect(adopted.state).toEqual({ phase: "paused", step: 0, sinceMs: 0, leftMs: 10 * minutes });
    expect(change(undefined, { verb: "adopt", held, highest: 40 }).distribution.revision).toBe(41);
  });
});

describe("apply", () => {
  const { revision: _, ...bare } = plain.distribution;

  test("takes a whole distribution, with a revision or without", () => {
    const other = { ...bare, salt: "other" };
    for (const given of [other, { ...other, revision: 900 }])
      expect(change(plain, { verb: "apply", json: JSON.stringify(given) }).distribution).toEqual({
        ...other,
        revision: 2,
      });
    expect(
      change(undefined, { verb: "apply", json: JSON.stringify(bare) }).distribution.revision,
    ).toBe(1);
  });
});

describe("set kill-switch", () => {
  test("pauses steps, and they stay paused when it is off again", () => {
    const on = change(stepping(steps), { verb: "set kill-switch", arm: "stable" }, 3 * minutes);
    expect(on.distribution.killSwitch).toBe("stable");
    expect(on.state).toMatchObject({ phase: "paused", leftMs: 7 * minutes });
    const off = change(on, { verb: "set kill-switch" }, 5 * minutes);
    expect(off.distribution).not.toHaveProperty("killSwitch");
    expect(off.state).toEqual(on.state);
  });
});

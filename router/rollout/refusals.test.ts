import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import type { Intent } from "./intent.ts";
import type { Rollout } from "./rollout.ts";
import { change, steady, stepping } from "./rollouts.fixture.ts";
import { parseSteps } from "./steps-text.ts";

interface Refusal {
  readonly rollout: Rollout | undefined;
  readonly intent: Intent;
  readonly message: string;
}

const plain = steady({ stable: 9_500, canary: 500 });
const steps = "100bp 10m, 500bp 30m, 2500bp pause, 10000bp";
const promoteFully: Intent = { verb: "promote", full: true };
const abort: Intent = { verb: "abort" };
const setSteps: Intent = { verb: "set steps", steps: parseSteps(steps) };
const killed = steady({ stable: 9_500, canary: 500 }, { killSwitch: "stable" });
const aborted = change(plain, abort);
const promoted = change(plain, promoteFully);
const paused = change(stepping(steps), { verb: "pause" });
const onlyStable = steady({ stable: 10_000 });
const version = { verb: "set version", salt: "s" } as const;
const canaryTo9: Intent = { ...version, arm: "canary", version: "9" };

test("where there is no rollout, it says how to begin one", () => {
  expect(() => change(undefined, abort)).toThrow(
    "model toy has no rollout: its servers' default version answers",
  );
  expect(() => change(undefined, abort)).toThrow(expect.objectContaining({ code: Code.NOT_FOUND }));
});

test.each<[string, Refusal]>([
  [
    "promote by hand",
    {
      rollout: plain,
      intent: { verb: "promote", full: false },
      message:
        "cannot promote toy: it is steady: its weights are set by hand, and no steps run; `promote --full`",
    },
  ],
  [
    "promote what was aborted",
    {
      rollout: aborted,
      intent: promoteFully,
      message: "cannot promote toy: it is aborted; `set steps` or `set weight` begins again",
    },
  ],
  [
    "promote without a canary",
    {
      rollout: promoted,
      intent: promoteFully,
      message: "toy has no canary; `set version canary=VERSION` first",
    },
  ],
  [
    "promote under a kill switch",
    {
      rollout: killed,
      intent: promoteFully,
      message: "cannot promote toy: the kill switch sends everybody to stable; turn it off first",
    },
  ],
  [
    "steps without a canary",
    { rollout: onlyStable, intent: setSteps, message: "toy has no canary" },
  ],
  [
    "steps under a kill switch",
    { rollout: killed, intent: setSteps, message: "cannot begin steps of toy" },
  ],
  [
    "pause by hand",
    {
      rollout: plain,
      intent: { verb: "pause" },
      message:
        "cannot pause toy: it is steady: its weights are set by hand, and no steps run; only steps can be paused",
    },
  ],
  [
    "pause twice",
    {
      rollout: paused,
      intent: { verb: "pause" },
      message: "cannot pause toy: it is paused at step 1 of 4 (100bp 10m); `resume` goes on",
    },
  ],
  [
    "resume what runs",
    {
      rollout: stepping(steps),
      intent: { verb: "resume" },
      message: "cannot resume toy: it is at step 1 of 4 (100bp 10m), which goes on by itself",
    },
  ],
  [
    "resume under a kill switch",
    {
      rollout: change(stepping(steps), { verb: "set kill-switch", arm: "stable" }),
      intent: { verb: "resume" },
      message: "cannot resume toy: the kill switch",
    },
  ],
  [
    "abort twice",
    {
      rollout: aborted,
      intent: abort,
      message: "cannot abort toy: it is aborted; everybody is on the stable arm already",
    },
  ],
  [
    "abort after promotion",
    {
      rollout: promoted,
      intent: abort,
      message:
        "cannot abort toy: it is promoted: the canary's version is the stable one; version 2 is the stable one, and everybody has it; `undo` goes back to when some had another",
    },
  ],
  [
    "undo to what holds",
    {
      rollout: plain,
      intent: { verb: "undo", former: plain.distribution },
      message:
        "cannot undo toy: it is steady: its weights are set by hand, and no steps run; revision 1 is what holds now",
    },
  ],
  [
    "adopt what the store has",
    {
      rollout: plain,
      intent: { verb: "adopt", held: plain, highest: 1 },
      message: "nothing to adopt for toy: the store has revision 1",
    },
  ],
  [
    "the version of an arm with users",
    {
      rollout: plain,
      intent: canaryTo9,
      message:
        "the version of canary cannot change: 500bp of the users have version 2 there; `abort` first",
    },
  ],
  [
    "the stable version",
    {
      rollout: plain,
      intent: { ...version, arm: "stable", version: "9" },
      message:
        "the version of stable cannot change: 9500bp of the users have version 1 there; set the version of canary, then `promote`",
    },
  ],
  [
    "a version while steps run",
    {
      rollout: stepping("0bp 5m, 100bp 5m"),
      intent: canaryTo9,
      message:
        "cannot set a version of toy: it is at step 1 of 2 (0bp 5m), which goes on by itself; abort or promote it first",
    },
  ],
  [
    "the version that the kill switch sends everybody to",
    {
      rollout: steady({ stable: 10_000, canary: 0 }, { killSwitch: "canary" }),
      intent: canaryTo9,
      message: "the version of canary cannot change: the kill switch sends everybody to it",
    },
  ],
])("cannot be done as things stand: %s", (_, { rollout, intent, message }) => {
  expect(() => change(rollout, intent)).toThrow(message);
  expect(() => change(rollout, intent)).toThrow(
    expect.objectContaining({ code: Code.FAILED_PRECONDITION }),
  );
});

test.each<[string, Refusal]>([
  [
    "no steps",
    {
      rollout: plain,
      intent: { verb: "set steps", steps: [] },
      message: "there are no steps",
    },
  ],
  [
    "undo to another model",
    {
      rollout: plain,
      intent: { verb: "undo", former: { ...plain.distribution, model: "other" } },
      message: "a distribution of other cannot be one of toy",
    },
  ],
  [
    "a version twice",
    {
      rollout: plain,
      intent: { ...version, arm: "blue", version: "1" },
      message: "version 1 is already that of stable; an arm needs a version of its own",
    },
  ],
  [
    "an arm whose name is none",
    {
      rollout: plain,
      intent: { ...version, arm: "no name", version: "9" },
      message: "arms[2].name: must be 1 to 64 letters",
    },
  ],
  [
    "weights of no arm",
    {
      rollout: plain,
      intent: { verb: "set weight", weights: {} },
      message: "name an arm and its weight",
    },
  ],
  [
    "weights of an unknown arm",
    {
      rollout: plain,
      intent: { verb: "set weight", weights: { canari: 5 } },
      message: "canari: there is no such arm; there are stable, canary",
    },
  ],
  [
    "a weight out of range",
    {
      rollout: plain,
      intent: { verb: "set weight", weights: { canary: 10_500 } },
      message: "canary: must be a whole number from 0 to 10000, got 10500",
    },
  ],
  [
    "weights that are too much together",
    {
      rollout: steady({ stable: 5_000, canary: 0, blue: 5_000 }),
      intent: { verb: "set weight", weights: { canary: 6_000 } },
      message: "the weights sum to 11000 (canary 6000, blue 5000); at most 10000 without stable",
    },
  ],
  [
    "weights that do not sum up",
    {
      rollout: plain,
      intent: { verb: "set weight", weights: { canary: 600, stable: 9_500 } },
      message: "the weights sum to 10100; they must sum to 10000",
    },
  ],
  [
    "an unknown kill switch",
    {
      rollout: plain,
      intent: { verb: "set kill-switch", arm: "off" },
      message: "there is no arm off to send everybody to; there are stable, canary",
    },
  ],
  [
    "a distribution of another model",
    {
      rollout: plain,
      intent: { verb: "apply", json: JSON.stringify({ ...plain.distribution, model: "other" }) },
      message: "the distribution is one of model other, and it is to be applied to toy",
    },
  ],
  [
    "no distribution",
    {
      rollout: plain,
      intent: { verb: "apply", json: "[]" },
      message: "must be an object",
    },
  ],
])("is wrong in itself: %s", (_, { rollout, intent, message }) => {
  expect(() => change(rollout, intent)).toThrow(message);
  expect(() => change(rollout, intent)).toThrow(
    expect.objectContaining({ code: Code.INVALID_ARGUMENT }),
  );
});

import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { checkRollout } from "./check-rollout.ts";
import { change, steady, stepping } from "./rollouts.fixture.ts";

const running = stepping("100bp 10m, 500bp pause");

/** As a store gives it back. */
function read(value: unknown) {
  return checkRollout(JSON.parse(JSON.stringify(value)), "m.json");
}

test.each([
  ["steady", steady({ stable: 10_000 })],
  ["stepping", running],
  ["paused by hand", change(running, { verb: "pause" })],
  ["paused by itself", change(running, { verb: "promote", full: false })],
  ["aborted", change(running, { verb: "abort" })],
  ["promoted", change(running, { verb: "promote", full: true })],
])("reads what was written: %s", (_, rollout) => {
  expect(read(rollout)).toEqual(rollout);
});

describe("refuses, with every problem", () => {
  const { code } = { code: Code.INVALID_ARGUMENT };
  test.each<[string, unknown, string]>([
    ["a list", [], "must be an object"],
    ["nothing", null, "must be an object"],
    [
      "a revision after which there is hardly another",
      { ...running, distribution: { ...running.distribution, revision: 2 ** 50 + 1 } },
      "distribution.revision: is 1125899906842625, and at most 1125899906842624 is taken",
    ],
    [
      "a time that no date can say",
      { ...running, changed: { ...running.changed, atMs: 9e15 } },
      "changed.atMs: must be",
    ],
    ["no distribution", { ...running, distribution: undefined }, "distribution: must be an object"],
    ["unknown keys", { ...running, colour: 1 }, "colour: is not known"],
    [
      "an unknown phase",
      { ...running, state: { phase: "dancing" } },
      "state.phase: must be one of",
    ],
    ["no state", { ...running, state: null }, "state.phase: must be one of steady, stepping"],
    [
      "a state with another's fields",
      { ...running, plan: undefined, state: { phase: "steady", step: 1 } },
      "state.step: is not known",
    ],
    [
      "a step beyond the plan",
      { ...running, state: { phase: "stepping", step: 2, sinceMs: 0 } },
      "state.step: is 2, and there are 2 steps, from 0",
    ],
    [
      "steps that run at a pause",
      { ...running, state: { phase: "stepping", step: 1, sinceMs: 0 } },
      "state.phase: is stepping, and step 1 pauses",
    ],
    [
      "a plan that nobody follows",
      { ...running, state: { phase: "aborted", sinceMs: 0 } },
      "plan: must be there while steps run or are paused, and only then",
    ],
    [
      "steps without a canary",
      { ...running, distribution: steady({ stable: 10_000 }).distribution },
      "distribution.arms: there is no canary for the steps",
    ],
    [
      "weights that are none",
      { ...running, distribution: { ...running.distribution, arms: [] } },
      "distribution.arms: the weights sum to 0",
    ],
    [
      "steps of no time",
      { ...running, plan: { steps: [{ weight: 1, dwell: 0 }, ...running.plan!.steps] } },
      "plan.steps: step 1: say how long it stays",
    ],
    [
      "audit ids that are none",
      { ...running, changed: { ...running.changed, auditId: "" } },
      "changed.auditId: must be 1 to 200 printable",
    ],
  ])("%s", (_, value, problem) => {
    expect(() => read(value)).toThrow(problem);
    expect(() => read(value)).toThrow(expect.objectContaining({ code }));
    expect(() => read(value)).toThrow("m.json has ");
  });

  test("several at once, each with its path", () => {
    const value = { ...running, format: 0, plan: { steps: [{ weight: 10_001, dwell: "later" }] } };
    expect(() => read(value)).toThrow(/has 3 problems:\n.*format: .*\n.*weight: .*\n.*dwell: /);
  });
});

describe("what a newer build wrote is refused in a sentence", () => {
  test.each([
    [
      { ...running, format: 2, novel: {} },
      "m.json has format 2, which a newer Crossfade wrote; this one knows format 1",
    ],
    [
      { ...running, distribution: { ...running.distribution, format: 3, novel: 1 } },
      "the distribution in m.json has format 3, which a newer Crossfade wrote",
    ],
  ])("%#", (value, sentence) => {
    expect(() => read(value)).toThrow(sentence);
    expect(() => read(value)).toThrow(expect.objectContaining({ code: Code.FAILED_PRECONDITION }));
  });
});

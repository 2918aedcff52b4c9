import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { checkRollout } from "./check-rollout.ts";
import { rolloutOf } from "./rollouts.fixture.ts";

const step = { weight: 100, dwell: 0 };

test.each([
  { phase: "steady" },
  { phase: "stepping", step: 0, sinceMs: 5 },
  { phase: "paused", step: 1, sinceMs: 5 },
  { phase: "paused", step: 1, sinceMs: 5, leftMs: 7 },
  { phase: "aborted", sinceMs: 5 },
  { phase: "promoted", sinceMs: 5 },
])("state %j", (state) => {
  const value = { ...rolloutOf(), state, plan: { steps: [step, { weight: 5, dwell: "pause" }] } };
  expect(checkRollout(JSON.parse(JSON.stringify(value)), "it")).toEqual(value);
});

test("every problem has its path", () => {
  const rollout = rolloutOf();
  const value = {
    ...rollout,
    state: { phase: "stepping", step: -1 },
    plan: { steps: [{ weight: 10_001, dwell: "later" }] },
    changed: { ...rollout.changed, auditId: "", why: "?" },
    extra: 1,
  };
  expect(problemsOf(value)).toEqual([
    "extra: is not known; known are format, distribution, plan, state, changed",
    "plan.steps[0].weight: must be a whole number from 0 to 10000, got 10001",
    expect.stringContaining("plan.steps[0].dwell: must be"),
    expect.stringContaining("state.step: must be"),
    expect.stringContaining("state.sinceMs: must be"),
    expect.stringContaining("changed.why: is not known"),
    expect.stringContaining("changed.auditId: must be"),
  ]);
  expect(problemsOf({ ...rollout, state: { phase: "asleep" } })).toEqual([
    expect.stringContaining("state.phase: must be one of steady, stepping, paused"),
  ]);
  for (const state of [null, 3, "steady", []])
    expect(problemsOf({ ...rollout, state })[0]).toContain("state.phase");
});

test("what does not fit together has its path as well", () => {
  const { arms } = rolloutOf().distribution;
  const problems = problemsOf(rolloutOf({ arms: [arms[0]!, { ...arms[1]!, weight: 7 }] }));
  expect(problems).toContain("distribution.arms[1].weight: is 7, but its ranges have 500 buckets");
});

test("what a newer build wrote is said to be that, whatever else is unknown in it", () => {
  const rollout = rolloutOf();
  const refused = expect.objectContaining({ code: Code.FAILED_PRECONDITION });
  const newer = { ...rollout, format: 2, moods: [] };
  expect(() => checkRollout(newer, "it")).toThrow(refused);
  expect(() => checkRollout(newer, "it")).toThrow("it has format 2, which a newer Crossfade wrote");
  const inside = { ...rollout, distribution: { ...rollout.distribution, format: 9 } };
  expect(() => checkRollout(inside, "it")).toThrow("the distribution in it has format 9");
  for (const nothing of [null, undefined, 3, "x", []]) expect(problemsOf(nothing)).toHaveLength(1);
});

function problemsOf(value: unknown): readonly string[] {
  try {
    checkRollout(value, "it");
    return [];
  } catch (error) {
    const lines = (error as Error).message.split("\n  - ").slice(1);
    return lines;
  }
}

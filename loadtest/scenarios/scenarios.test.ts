import { expect, test } from "vitest";
import { histogramOf } from "../sample-result.fixture.ts";
import { findScenario, scenarios } from "./find-scenario.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { cancelStorm } from "./list/cancel-storm.ts";
import { canaryFlip } from "./list/canary-flip.ts";
import { hotSwap } from "./list/hot-swap.ts";
import { slowBackend } from "./list/slow-backend.ts";
import { spike } from "./list/spike.ts";
import { steady } from "./list/steady.ts";
import { steps } from "./list/steps.ts";
import { scenarioLines, scenarioMarkdown } from "./scenario-outputs.ts";
import type { Scenario, Seen } from "./scenario.ts";
import { seenOf, sightingsOf, type Story } from "./seen.fixture.ts";

/** What is broken, or not judged. */
function broken(scenario: Scenario, seen: Seen): readonly string[] {
  return judgeScenario(scenario, seen)
    .claims.filter(({ holds }) => holds !== true)
    .map(({ says, holds }) => (holds === "unknown" ? `unknown: ${says}` : says));
}

/** The same run, with other counts. */
function counting(seen: Seen, counts: Partial<Seen["result"]["counts"]>): Seen {
  return { ...seen, result: { ...seen.result, counts: { ...seen.result.counts, ...counts } } };
}

const slowFrom =
  (from: number, to = Infinity): Story =>
  (second) => ({ ms: second >= from && second < to ? 600 : 10 });
const refusingFrom =
  (from: number, to = Infinity): Story =>
  (second) =>
    second >= from && second < to ? { refusedShare: 0.5, ms: 100 } : {};
const allStable: Story = () => ({ arms: { stable: 1 } });

test("steady", () => {
  expect(broken(steady, seenOf(steady))).toEqual([]);
  const slow = seenOf(steady, () => ({ ms: 120 }));
  expect(broken(steady, slow)).toEqual([expect.stringMatching(/^p99 at most 100/)]);
  const drifting = seenOf(steady, (second) => ({ ms: 5 + second }));
  expect(broken(steady, drifting)).toEqual([expect.stringContaining("latency does not grow")]);
  const leaking = seenOf(steady, undefined, { after: { inFlight: 0, memoryBytes: 9e8 } });
  expect(broken(steady, leaking)).toEqual([expect.stringContaining("memory is back")]);
  const failing = seenOf(steady, (second) => ({ refusedShare: second === 3 ? 0.02 : 0 }));
  expect(broken(steady, failing)).toEqual(["no call fails"]);
});

test("steps", () => {
  expect(broken(steps, seenOf(steps))).toEqual([]);
  expect(broken(steps, seenOf(steps, slowFrom(30)))).toEqual([]);
  expect(broken(steps, seenOf(steps, slowFrom(20)))).toEqual([
    "at 200/s no call fails, and p99 is at most 100 ms",
  ]);
  expect(broken(steps, seenOf(steps, slowFrom(10, 20)))).toEqual([
    expect.stringContaining("at 100/s"),
    expect.stringContaining("one knee at most"),
  ]);
});

test("spike", () => {
  const good = seenOf(spike, refusingFrom(10, 42));
  expect(broken(spike, good)).toEqual([]);
  const { result } = good;
  const withCodes = (codes: Record<string, number>, counts = {}) =>
    counting({ ...good, result: { ...result, codes: { ...result.codes, ...codes } } }, counts);
  const late = Math.round(result.counts.ok / 20);
  const more = { failed: result.counts.failed + late };
  expect(broken(spike, withCodes({ DEADLINE_EXCEEDED: late }, more))).toEqual([
    expect.stringContaining("what is admitted meets its deadline"),
  ]);
  expect(broken(spike, withCodes({ UNAVAILABLE: late }, more))).toEqual([
    "nothing fails but by RESOURCE_EXHAUSTED",
  ]);
  const failure = histogramOf(Array<number>(result.failure.count).fill(200));
  expect(broken(spike, { ...good, result: { ...result, failure } })).toEqual([
    expect.stringContaining("what is refused is refused early"),
  ]);
  expect(broken(spike, seenOf(spike, refusingFrom(10)))).toEqual([
    expect.stringContaining("5 s later"),
  ]);
});

test("slow backend", () => {
  expect(broken(slowBackend, seenOf(slowBackend))).toEqual([]);
  expect(broken(slowBackend, seenOf(slowBackend, slowFrom(9, 10)))).toEqual([
    "at most 1.00% of the calls take over 150 ms",
  ]);
});

test("cancel storm", () => {
  const good = counting(seenOf(cancelStorm), { cancelled: 400 });
  expect(broken(cancelStorm, good)).toEqual([]);
  expect(broken(cancelStorm, seenOf(cancelStorm))).toEqual([
    "unknown: calls were cancelled before they were answered",
  ]);
  const stuck = { ...good, after: { ...good.after, inFlight: 3 } };
  expect(broken(cancelStorm, stuck)).toEqual(["no call is left in flight"]);
});

test("hot swap", () => {
  expect(broken(hotSwap, seenOf(hotSwap))).toEqual([]);
  const [act] = seenOf(hotSwap).done;
  const undone = { done: [{ ...act!, problem: "version 1 still answers" }] };
  expect(broken(hotSwap, seenOf(hotSwap, undefined, undone))).toEqual(["version 2 takes over"]);
  const degraded = counting(seenOf(hotSwap), { degraded: 1 });
  expect(broken(hotSwap, degraded)).toEqual(["no answer is degraded"]);
});

/** The weight at a time; users go by their number, the load by the weight. */
function weightAt(atMs: number): number {
  return [0, 0.1, 0.5, 0][Math.min(3, Math.floor(atMs / 10_000))]!;
}
const byWeight: Story = (second) => {
  const canary = weightAt(1_000 * second);
  return { arms: { canary, stable: 1 - canary } };
};
const armOf = (user: number, atMs: number): string =>
  user / 500 < weightAt(atMs) ? "canary" : "stable";
const watched = (arm: typeof armOf) => ({ sightings: sightingsOf(40_000, 500, arm) });

test("canary flip", () => {
  const seen = (arm: typeof armOf, story = byWeight) => seenOf(canaryFlip, story, watched(arm));
  expect(broken(canaryFlip, seen(armOf))).toEqual([]);

  const jumping = (user: number, atMs: number) =>
    user === 400 && atMs > 15_000 && atMs < 15_500 ? "canary" : armOf(user, atMs);
  expect(broken(canaryFlip, seen(jumping))).toEqual([
    "between two changes every user stays on his arm",
  ]);
  // In the first phase the users from the other end are in the canary: half of them leave when it grows.
  const mixed = (user: number, atMs: number) =>
    atMs < 20_000 ? armOf(499 - user, atMs) : armOf(user, atMs);
  expect(broken(canaryFlip, seen(mixed))).toEqual([expect.stringContaining("raising a weight")]);

  expect(broken(canaryFlip, seen(armOf, allStable))).toEqual([
    "10.00% of the users, and of the calls, go to the canary",
    "50.00% of the users, and of the calls, go to the canary",
  ]);
  const unanswered = (user: number, atMs: number) => (user === 3 ? "" : armOf(user, atMs));
  expect(broken(canaryFlip, seen(unanswered))[0]).toContain("every user who was watched");
  expect(broken(canaryFlip, seenOf(canaryFlip, byWeight))).toContain(
    "unknown: between two changes every user stays on his arm",
  );
});

test("a run that proves nothing judges nothing, and one that was cut short is no pass", () => {
  const seen = seenOf(steady);
  const invalid = [{ rule: "lag", message: "too late" }] as const;
  const verdict = judgeScenario(steady, { ...seen, result: { ...seen.result, invalid } });
  expect(verdict).toMatchObject({ outcome: "invalid", reasons: ["too late"] });
  const ended = { by: "silence", because: "nothing was answered for 10 s" } as const;
  const silent = judgeScenario(steady, { ...seen, result: { ...seen.result, ended } });
  expect(silent).toMatchObject({ outcome: "fail", reasons: [ended.because] });
  expect(judgeScenario(steady, seen).outcome).toBe("pass");
});

test.each(scenarios.map((one) => [one.name, one] as const))(
  "%s is told in lines and in Markdown",
  (name, scenario) => {
    const seen = seenOf(scenario);
    const played = { scenario, seen, verdict: judgeScenario(scenario, seen) };
    expect(scenarioLines(played)[0]).toContain(name);
    const { claims } = played.verdict;
    for (const { says } of claims) expect(scenarioLines(played).join("\n")).toContain(says);
    expect(scenarioMarkdown(played)).toContain("| must hold |");
    expect(findScenario(name)).toBe(scenario);
  },
);

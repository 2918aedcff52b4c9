import { expect, test } from "vitest";
import { earlierRevision } from "./earlier-revision.ts";
import { formerOf } from "./former-of.ts";
import type { Intent } from "./intent.ts";
import type { Rollout } from "./rollout.ts";
import { change, steady, stepping } from "./rollouts.fixture.ts";

/** Newest first. */
function after(first: Rollout, ...intents: readonly Intent[]): readonly Rollout[] {
  const history = [first];
  for (const intent of intents) history.unshift(change(history[0], intent));
  return history;
}

test("is what held before the last change of the distribution, past pauses and resumes", () => {
  const history = after(
    stepping("100bp 10m, 500bp 30m, 1000bp 5m"),
    { verb: "promote", full: false },
    { verb: "pause" },
    { verb: "resume" },
  );
  expect(formerOf(history[0]!, history)).toMatchObject({
    revision: 2,
    arms: [{ weight: 9_900 }, { weight: 100 }],
  });
});

test("after an undo is what was undone", () => {
  const [raised, begun] = after(steady({ stable: 10_000, canary: 0 }), {
    verb: "set weight",
    weights: { canary: 50 },
  });
  const undone = change(raised, { verb: "undo", former: begun!.distribution });
  expect(formerOf(undone, [undone, raised!, begun!])).toBe(raised!.distribution);
});

test("is nothing for what never changed", () => {
  const only = steady({ stable: 10_000 });
  expect(formerOf(only, [only])).toBeUndefined();
  expect(formerOf(only, [])).toBeUndefined();
});

test("of a promotion is when some user had another version, not the step that gave everybody the canary's", () => {
  const history = after(
    stepping("100bp 10m, 2500bp 10m, 10000bp 10m"),
    { verb: "promote", full: false },
    { verb: "promote", full: false },
    { verb: "promote", full: false },
  );
  const [promoted, everybody, quarter] = history;
  expect(promoted!.state.phase).toBe("promoted");
  expect(everybody!.distribution.arms).toMatchObject([{ weight: 0 }, { weight: 10_000 }]);
  expect(formerOf(promoted!, history)).toBe(quarter!.distribution);
});

test("of a promotion that moved users is the step before it", () => {
  const history = after(stepping("100bp 10m, 2500bp 10m"), { verb: "promote", full: true });
  expect(formerOf(history[0]!, history)).toBe(history[1]!.distribution);
});

test("one further back is neither what an undo went back to nor what it left", () => {
  const [third, second, first] = after(
    steady({ stable: 10_000, canary: 0 }),
    { verb: "set weight", weights: { canary: 50 } },
    { verb: "set weight", weights: { canary: 70 } },
  ) as [Rollout, Rollout, Rollout];
  const undone = change(third, { verb: "undo", former: second.distribution });
  const history = [undone, third, second, first].map(({ distribution }) => distribution);
  const of = (former: Rollout, left: Rollout) =>
    earlierRevision({ former: former.distribution, left: left.distribution }, history);
  expect(of(second, third)).toBe(first.distribution.revision);
  expect(of(third, undone)).toBe(first.distribution.revision);
  expect(of(first, undone)).toBeUndefined();
});

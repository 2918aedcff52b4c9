import { expect, test } from "vitest";
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

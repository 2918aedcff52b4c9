import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ServingError } from "../../proto/serving-error.ts";
import { createAssignment } from "../assignment.ts";
import type { Distribution } from "../distribution.ts";
import { advance } from "./advance.ts";
import { checkRollout } from "./check-rollout.ts";
import { hasSameContent } from "./has-same-content.ts";
import type { Intent } from "./intent.ts";
import { movedBasisPoints } from "./moved-basis-points.ts";
import type { Rollout, Step } from "./rollout.ts";
import { change, steady } from "./rollouts.fixture.ts";

const points = fc.integer({ min: 0, max: 10_000 });
const arm = fc.constantFrom("stable", "canary", "blue");

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    weight: points,
    dwell: fc.oneof(fc.constant("pause" as const), fc.integer({ min: 1, max: 50 })),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What people may ask for in any order, sense or not. */
const intent: fc.Arbitrary<Intent> = fc.oneof(
  fc.record({
    verb: fc.constant("set weight" as const),
    weights: fc.dictionary(arm, points, { minKeys: 1, maxKeys: 2 }),
  }),
  fc.record({
    verb: fc.constant("set version" as const),
    arm,
    version: fc.constantFrom("1", "2", "3", "4"),
    salt: fc.constantFrom("x", "y"),
  }),
  fc.record({ verb: fc.constant("set steps" as const), steps }),
  fc.record({
    verb: fc.constant("set kill-switch" as const),
    arm: fc.option(arm, { nil: undefined }),
  }),
  fc.record({ verb: fc.constant("promote" as const), full: fc.boolean() }),
  fc.constantFrom<Intent>({ verb: "pause" }, { verb: "resume" }, { verb: "abort" }),
);

const act = fc.record({ intent, afterMs: fc.integer({ min: 0, max: 100 }) });

/** What came of it all, first one first; what is refused changes nothing. */
function play(acts: readonly { intent: Intent; afterMs: number }[]): readonly Rollout[] {
  const rollouts = [steady({ stable: 10_000, canary: 0 }, { users: { ann: "canary" } })];
  let nowMs = 0;
  for (const { intent: next, afterMs } of acts) {
    nowMs += afterMs;
    const last = rollouts.at(-1)!;
    const dweltMs = last.state.phase === "stepping" ? nowMs - last.state.sinceMs : 0;
    const advanced = advance(
      last,
      { nowMs, dweltMs, canary: { isHeld: true } },
      { auditId: "a1", by: "", from: "" },
    );
    if (advanced !== undefined) rollouts.push(advanced);
    try {
      rollouts.push(change(rollouts.at(-1), next, nowMs));
    } catch (error) {
      if (!(error instanceof ServingError)) throw error;
    }
  }
  return rollouts;
}

const acts = fc.array(act, { maxLength: 12 });

test("whatever is asked, what follows is a rollout that can be stored and read, with the next revision", () => {
  fc.assert(
    fc.property(acts, (asked) => {
      const rollouts = play(asked);
      rollouts.forEach((rollout, i) => {
        expect(checkRollout(JSON.parse(JSON.stringify(rollout)), "it")).toEqual(rollout);
        expect(rollout.distribution.revision).toBe(i + 1);
      });
    }),
  );
});

/** Of users u0, u1, …: enough to see any move of more than a few basis points. */
function versionsOf(document: Distribution, count: number): readonly string[] {
  const assignment = createAssignment(document);
  const { only, bucketOf } = assignment;
  return Array.from({ length: count }, (_, i) => {
    const user = Buffer.from(i === 0 ? "ann" : `u${i}`);
    return (only ?? assignment.armOfUser(user) ?? assignment.armOfBucket(bucketOf(user))).version;
  });
}

test("undo to any revision brings every user back to the version of then", () => {
  fc.assert(
    fc.property(acts, fc.nat(), (asked, pickOne) => {
      const rollouts = play(asked);
      const last = rollouts.at(-1)!;
      const { distribution: former } = rollouts[pickOne % rollouts.length]!;
      fc.pre(!hasSameContent(former, last.distribution));
      const back = change(last, { verb: "undo", former });
      expect(versionsOf(back.distribution, 200)).toEqual(versionsOf(former, 200));
    }),
  );
});

test("after an abort nobody gets another version than the stable one", () => {
  fc.assert(
    fc.property(acts, (asked) => {
      const last = play(asked).at(-1)!;
      fc.pre(last.plan !== undefined || last.distribution.arms[0]!.weight < 10_000);
      const { distribution } = change(last, { verb: "abort" });
      expect(new Set(versionsOf(distribution, 200))).toEqual(
        new Set([distribution.arms[0]!.version]),
      );
    }),
  );
});

test("promotion in full moves nobody who had the canary's version", () => {
  fc.assert(
    fc.property(acts, (asked) => {
      const last = play(asked).at(-1)!;
      const canary = last.distribution.arms.find(({ name }) => name === "canary");
      fc.pre(canary !== undefined && last.distribution.killSwitch === undefined);
      fc.pre(last.state.phase !== "aborted");
      const after = versionsOf(change(last, { verb: "promote", full: true }).distribution, 200);
      versionsOf(last.distribution, 200).forEach((version, i) => {
        if (version === canary.version) expect(after[i]).toBe(version);
      });
    }),
  );
});

test("as many users move as is said", () => {
  const distribution = fc.tuple(acts, fc.constantFrom("one", "other")).map(([asked, salt]) => {
    const { distribution: document } = play(asked).at(-1)!;
    const { users: _, ...others } = document;
    return { ...others, salt };
  });
  const count = 4_000;
  fc.assert(
    fc.property(distribution, distribution, (before, after) => {
      const to = versionsOf(after, count);
      const moved = versionsOf(before, count).filter((version, i) => version !== to[i]).length;
      const share = movedBasisPoints(before, after) / 10_000;
      // Four standard deviations, and one user.
      const tolerance = 4 * Math.sqrt(count * share * (1 - share)) + 1;
      expect(Math.abs(moved - count * share)).toBeLessThanOrEqual(tolerance);
    }),
    { numRuns: 40, seed: 7 },
  );
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Code, ServingError } from "../../../proto/serving-error.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { verifyChain } from "../audit-chain.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import { revisionAt } from "./history.contract.ts";
import type { OpenStores } from "./open-stores.contract.ts";

export function testRaces(open: OpenStores): void {
  test("exactly one wins each round, and the others hear of it", async () => {
    await using stores = await open();
    const { store, other } = stores;
    let held = 0;
    const round = fc.record({
      writers: fc.array(fc.boolean(), { minLength: 2, maxLength: 6 }),
      ahead: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(round, async ({ writers, ahead }) => {
        const revision = held + ahead;
        const drafts = writers.map((_, i) => rolloutOf({ revision }, { by: `writer-${i}` }));
        const outcomes = await Promise.allSettled(
          writers.map((isOther, i) => (isOther ? other : store).write(drafts[i]!, held)),
        );
        const winners = drafts.filter((_, i) => outcomes[i]!.status === "fulfilled");
        expect(winners).toHaveLength(1);
        const [winner] = winners;
        expect(await store.read("toy")).toEqual(winner);
        for (const outcome of outcomes)
          if (outcome.status === "rejected") expectLost(outcome.reason, winner!);
        held = revision;
      }),
      // Rounds build on one another: a smaller example would be another one.
      { numRuns: 60, endOnFailure: true },
    );
    const entries = await other.history("toy", { limit: 1_000 });
    expect(entries).toHaveLength(60);
    expect(verifyChain(entries, await store.read("toy"))).toEqual([]);
    expect(entries.every(({ oldRevision }, i) => oldRevision === revisionAt(entries, i + 1))).toBe(
      true,
    );
  });
}

function expectLost(reason: unknown, { distribution, changed }: Rollout): void {
  expect(reason).toBeInstanceOf(ServingError);
  expect(reason).toMatchObject({ code: Code.ABORTED });
  expect((reason as Error).message).toContain(`is at revision ${distribution.revision}`);
  expect((reason as Error).message).toContain(changed.by);
}

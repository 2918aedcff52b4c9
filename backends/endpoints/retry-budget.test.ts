import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { createRetryBudget } from "./retry-budget.ts";

const event = fc.record({
  afterMs: fc.integer({ min: 0, max: 3_000 }),
  kind: fc.constantFrom("first", "first", "first", "more"),
});

test("never more than a fifth of the first attempts of nine seconds, or three", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 200 }), async (events) => {
      const clock = createVirtualClock();
      const budget = createRetryBudget(clock);
      const first: number[] = [];
      const more: number[] = [];
      for (const { afterMs, kind } of events) {
        await clock.advanceTo(clock.now() + afterMs);
        const recent = (times: readonly number[], ms: number) =>
          times.filter((time) => time > clock.now() - ms).length;
        if (kind === "first") {
          budget.firstAttempt();
          first.push(clock.now());
        } else if (budget.take()) {
          more.push(clock.now());
          expect(recent(more, 9_000)).toBeLessThanOrEqual(Math.max(3, 0.2 * recent(first, 10_001)));
        } else expect(recent(more, 10_001)).toBeGreaterThanOrEqual(3);
      }
    }),
  );
});

test("a share of a steady load may be asked again, and no more", () => {
  const budget = createRetryBudget(createVirtualClock());
  for (let i = 0; i < 100; i++) budget.firstAttempt();
  const taken = Array.from({ length: 50 }, () => budget.take()).filter(Boolean);
  expect(taken).toHaveLength(20);
});

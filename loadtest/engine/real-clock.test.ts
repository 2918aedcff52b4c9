import { expect, test } from "vitest";
import { createRealClock } from "./real-clock.ts";

test.each([0, 2])(
  "alarms ring in turn, and none before its time, with %i ms of spinning",
  async (spinMs) => {
    const clock = createRealClock({ spinMs });
    const beganMs = clock.now();
    const dueMs = [0, 0.4, 3.2, 3.3, 9.9].map((afterMs) => beganMs + afterMs);
    const rangMs: number[] = [];
    await new Promise<void>((resolve) => {
      const alarm = clock.alarm(() => {
        rangMs.push(clock.now());
        const next = dueMs[rangMs.length];
        if (next === undefined) resolve();
        else alarm.set(next);
      });
      alarm.set(dueMs[0]!);
      // It never rings before setting it returns.
      expect(rangMs).toEqual([]);
    });
    for (const [index, due] of dueMs.entries()) expect(rangMs[index]).toBeGreaterThanOrEqual(due);
    expect(clock.spunMs()).toBeLessThanOrEqual(clock.now() - beganMs);
  },
);

test("replies are read while an alarm spins", async () => {
  const clock = createRealClock({ spinMs: 1_000 });
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    clock
      .alarm(() => {
        order.push("alarm");
        resolve();
      })
      .set(clock.now() + 20);
    clock.after(1, () => order.push("other work"));
  });
  expect(order).toEqual(["other work", "alarm"]);
});

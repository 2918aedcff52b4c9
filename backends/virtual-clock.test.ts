import { expect, test } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

test("things happen in order of their time, then in the order they were set", async () => {
  const clock = createVirtualClock();
  const events: string[] = [];
  const note = (what: string) => () => events.push(`${what} at ${clock.now()}`);
  clock.at(20, note("late"));
  clock.at(10, note("early"));
  const callOff = clock.at(15, note("never"));
  clock.at(10, note("next"));
  callOff();
  await clock.advanceTo(10);
  expect(events).toEqual(["early at 10", "next at 10"]);
  await clock.advanceTo(100);
  expect(events).toEqual(["early at 10", "next at 10", "late at 20"]);
  expect(clock.now()).toBe(100);
});

test("consequences settle before time goes on", async () => {
  const clock = createVirtualClock();
  const events: number[] = [];
  clock.at(1, () => {
    void clock.turn().then(async () => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      events.push(clock.now());
    });
  });
  clock.at(2, () => events.push(clock.now()));
  while (await clock.step());
  expect(events).toEqual([1, 2]);
});

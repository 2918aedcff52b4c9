import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAlarm } from "./alarm.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("sleeps for as long as was wanted, or until it rings", async () => {
  const alarm = createAlarm();
  const woken: string[] = [];
  void alarm.wait(100).then(() => woken.push("in time"));
  await vi.advanceTimersByTimeAsync(99);
  expect(woken).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(woken).toEqual(["in time"]);
  const rung = alarm.wait(100);
  alarm.ring();
  await rung;
  expect(vi.getTimerCount()).toBe(0);
});

test("what rang while nobody slept wakes the next one, once", async () => {
  const alarm = createAlarm();
  alarm.ring();
  alarm.ring();
  await alarm.wait(100);
  let isAwake = false;
  void alarm.wait(100).then(() => (isAwake = true));
  await vi.advanceTimersByTimeAsync(99);
  expect(isAwake).toBe(false);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Alarm, TimerWheel, type WheelClock } from "./timer-wheel.ts";

/** A clock that the test moves, from one wake-up to the next. */
function createClock(startMs: number) {
  let nowMs = startMs;
  let waiting: { atMs: number; act: () => void } | undefined;
  let timers = 0;
  const clock: WheelClock = {
    now: () => nowMs,
    after(delayMs, act) {
      timers++;
      const mine = { atMs: nowMs + delayMs, act };
      waiting = mine;
      return () => {
        if (waiting === mine) waiting = undefined;
      };
    },
  };
  return {
    clock,
    timers: () => timers,
    isIdle: () => waiting === undefined,
    advanceTo(ms: number) {
      while (waiting && waiting.atMs <= ms) {
        const { atMs, act } = waiting;
        waiting = undefined;
        nowMs = atMs;
        act();
      }
      nowMs = ms;
    },
  };
}

class Recorder extends Alarm {
  rangMs: number | undefined;
  readonly now: () => number;

  constructor(now: () => number) {
    super();
    this.now = now;
  }

  override ring(): void {
    this.rangMs = this.now();
  }
}

test("every alarm rings once, not early and at most 2 ms late; none that was called off", () => {
  const delay = fc.oneof(
    fc.double({ min: -10, max: 50, noNaN: true }),
    fc.double({ min: 0, max: 5_000, noNaN: true }),
  );
  const step = fc.record({
    delay,
    waitMs: fc.integer({ min: 0, max: 300 }),
    isCalledOff: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      (steps, startMs) => {
        const time = createClock(startMs);
        const wheel = new TimerWheel(time.clock);
        const set = steps.map(({ delay, waitMs, isCalledOff }) => {
          const alarm = new Recorder(() => time.clock.now());
          const setMs = time.clock.now();
          const dueMs = setMs + delay;
          wheel.set(alarm, dueMs);
          time.advanceTo(setMs + waitMs);
          const isOff = isCalledOff && alarm.rangMs === undefined;
          if (isOff) alarm.unlink();
          return { alarm, isOff, soonestMs: dueMs, latestMs: Math.max(dueMs, setMs) + 2 };
        });
        time.advanceTo(time.clock.now() + 6_000);
        for (const { alarm, isOff, soonestMs, latestMs } of set) {
          if (isOff) expect(alarm.rangMs).toBeUndefined();
          else {
            expect(alarm.rangMs).toBeGreaterThanOrEqual(soonestMs);
            expect(alarm.rangMs).toBeLessThanOrEqual(latestMs);
          }
        }
        expect(time.isIdle()).toBe(true);
      },
    ),
  );
});

test("a thousand calls that are answered in time cost a handful of timers", () => {
  const time = createClock(0);
  const wheel = new TimerWheel(time.clock);
  for (let i = 0; i < 1_000; i++) {
    const alarm = new Alarm();
    wheel.set(alarm, time.clock.now() + 250);
    time.advanceTo(time.clock.now() + 1);
    alarm.unlink();
  }
  expect(time.timers()).toBeLessThan(10);
});

test("an alarm may set another while it rings", () => {
  const time = createClock(5);
  const wheel = new TimerWheel(time.clock);
  const second = new Recorder(() => time.clock.now());
  class First extends Alarm {
    override ring(): void {
      wheel.set(second, time.clock.now());
    }
  }
  wheel.set(new First(), 10);
  time.advanceTo(20);
  expect(second.rangMs).toBe(11);
});

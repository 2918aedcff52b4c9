import type { Clock } from "./clock.ts";

/** A clock that stands still until told to move; a day passes in a moment. */
export interface VirtualClock extends Clock {
  /** Moves to the next thing due and lets its consequences settle; false when nothing is due. */
  step(): Promise<boolean>;
  /** Moves to `timeMs`, stopping at everything due on the way. */
  advanceTo(timeMs: number): Promise<void>;
}

interface Event {
  readonly timeMs: number;
  readonly callback: () => void;
}

export function createVirtualClock(startMs = 0): VirtualClock {
  /** Latest first, so that the next one is popped; things due at the same time happen in the order they were set. */
  const events: Event[] = [];
  let nowMs = startMs;

  const at = (timeMs: number, callback: () => void) => {
    const event = { timeMs: Math.max(timeMs, nowMs), callback };
    let place = events.length;
    while (place > 0 && events[place - 1]!.timeMs <= event.timeMs) place--;
    events.splice(place, 0, event);
    return () => {
      const found = events.indexOf(event);
      if (found >= 0) events.splice(found, 1);
    };
  };

  const step = async () => {
    const event = events.pop();
    if (event === undefined) return false;
    nowMs = event.timeMs;
    event.callback();
    await settled();
    return true;
  };

  return {
    now: () => nowMs,
    at,
    turn: () => new Promise((resolve) => void at(nowMs, resolve)),
    step,
    async advanceTo(timeMs) {
      await settled();
      while (events.length > 0 && events.at(-1)!.timeMs <= timeMs) await step();
      nowMs = Math.max(nowMs, timeMs);
    },
  };
}

/** An immediate runs only after every microtask, however many follow from one another. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

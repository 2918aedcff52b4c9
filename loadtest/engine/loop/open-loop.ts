import type { Deal } from "../../pace/deal.ts";
import { graceMs, type Loop, type LoopParts } from "./loop.ts";

/** Calls leave when they are due, whether or not those before are answered; without a free stream they wait for one. */
export function createOpenLoop(
  deal: Deal,
  { plan, clock, caller, tally, origin }: LoopParts,
): Loop {
  const { deadlineMs } = plan;
  const alarm = clock.alarm(turn);
  let isWaiting = false;
  let end: (() => void) | undefined;

  function turn(): void {
    if (end === undefined) return;
    for (;;) {
      const { dueMs } = deal;
      const nowMs = clock.now();
      // As the alarm compares them: a difference of the two could miss by a rounding.
      isWaiting = origin.atMs + dueMs <= nowMs;
      if (!isWaiting) break;
      if (origin.atMs + dueMs + deadlineMs <= nowMs) tally.missed(dueMs, deadlineMs);
      else if (caller.canSend) caller.send(deal);
      else return;
      deal.advance();
    }
    if (deal.dueMs !== Infinity) alarm.set(origin.atMs + deal.dueMs);
    else clock.after(deadlineMs + graceMs, finish);
    finishIfDone();
  }

  function finishIfDone(): void {
    if (deal.dueMs === Infinity && caller.inFlight === 0) finish();
  }

  function finish(): void {
    end?.();
    end = undefined;
  }

  return {
    start(onEnd) {
      end = onEnd;
      turn();
    },
    onFree() {
      if (isWaiting) turn();
      else finishIfDone();
    },
    stop() {
      const nowMs = clock.now() - origin.atMs;
      for (; deal.dueMs <= nowMs; deal.advance()) tally.unsent(deal.dueMs);
      finish();
    },
  };
}

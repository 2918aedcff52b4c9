import { portion, type Share } from "../../pace/deal.ts";
import type { Schedule } from "../../schedule.ts";
import { graceMs, type Loop, type LoopParts } from "./loop.ts";

export interface ClosedLoopOptions extends LoopParts {
  readonly schedule: Extract<Schedule, { kind: "closed" }>;
  readonly share: Share;
}

/** Every stream sends when it was answered, until the time is over or enough was sent. */
export function createClosedLoop(options: ClosedLoopOptions): Loop {
  const { schedule, share, plan, clock, caller, origin } = options;
  const most = schedule.calls === undefined ? Infinity : portion(schedule.calls, share);
  const call = { number: 0, dueMs: 0 };
  let warmUps = 0;
  let counted = 0;
  let end: (() => void) | undefined;

  /** Makes `call` the next one; false when there are no more. */
  function prepare(): boolean {
    call.dueMs = clock.now() - origin.atMs;
    const isWarmUp = call.dueMs < 0;
    if (!isWarmUp && (call.dueMs >= schedule.forMs || counted === most)) return false;
    const before = isWarmUp ? warmUps++ : counted++;
    const number = share.index + before * share.of;
    call.number = isWarmUp ? -1 - number : number;
    return true;
  }

  function fill(): void {
    if (end === undefined) return;
    while (caller.canSend && prepare()) caller.send(call);
    if (caller.inFlight === 0 && caller.canSend) finish();
  }

  function finish(): void {
    end?.();
    end = undefined;
  }

  return {
    start(onEnd) {
      end = onEnd;
      clock.after(plan.warmUpMs + schedule.forMs + plan.deadlineMs + graceMs, finish);
      fill();
    },
    onFree: fill,
    stop: finish,
  };
}

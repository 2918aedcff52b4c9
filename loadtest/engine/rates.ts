import type { Schedule } from "../schedule.ts";
import { lengthOf } from "./schedule-length.ts";
import type { RunPart } from "./record/run-part.ts";

export interface Rates {
  readonly tookMs: number;
  readonly targetRate: number;
  readonly achievedRate: number;
  readonly goodput: number;
}

export interface RatesOptions {
  readonly schedule: Schedule;
  /** When the run was stopped; absent: it is complete. */
  readonly stoppedMs?: number;
}

export function ratesOf(part: RunPart, { schedule, stoppedMs }: RatesOptions): Rates {
  const { due, sent, ok } = part.counts;
  const planned = schedule.kind === "closed" ? closedMs(part, schedule) : lengthOf(schedule);
  const scheduleMs = stoppedMs ?? planned;
  // What leaves behind its time makes the run longer, and its rate lower.
  const tookMs = Math.max(scheduleMs, part.lastLeftMs);
  const achievedRate = perSecond(sent, tookMs);
  return {
    tookMs,
    targetRate: schedule.kind === "closed" ? achievedRate : perSecond(due, scheduleMs),
    achievedRate,
    goodput: perSecond(ok, Math.max(tookMs, part.lastEndedMs)),
  };
}

/** One that is limited in calls may be over long before its time. */
function closedMs({ lastEndedMs }: RunPart, schedule: { forMs: number; calls?: number }): number {
  return schedule.calls === undefined ? schedule.forMs : Math.min(schedule.forMs, lastEndedMs);
}

function perSecond(count: number, ms: number): number {
  return ms > 0 ? (1_000 * count) / ms : 0;
}

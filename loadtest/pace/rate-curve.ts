import type { RateStep, Schedule } from "../schedule.ts";

/** A rate over time: straight lines, one after another. */
export interface RateCurve {
  /** How many calls an even flow makes in all; a fraction at the end makes none. */
  readonly calls: number;
  readonly forMs: number;
  /**
   * When so many calls are made. Infinity from `calls` on. To be asked for amounts that do not fall: it remembers the
   * line that it stands in.
   */
  timeOf(calls: number): number;
}

interface Line {
  readonly startMs: number;
  readonly callsBefore: number;
  readonly calls: number;
  readonly perMs: number;
  /** Of `perMs`, per ms. */
  readonly slope: number;
}

/** Sums of products of rates and times miss whole numbers by less. */
const rounding = 1e-6;

export function createRateCurve(steps: readonly RateStep[]): RateCurve {
  const { lines, calls, forMs } = linesOf(steps);
  let standing = 0;
  return {
    calls,
    forMs,
    timeOf(amount) {
      if (amount >= calls - rounding) return Infinity;
      while (amount >= lines[standing]!.callsBefore + lines[standing]!.calls) standing++;
      const { startMs, callsBefore, perMs, slope } = lines[standing]!;
      const within = amount - callsBefore;
      if (within <= 0) return startMs;
      // The root of perMs * t + slope / 2 * t^2 = within, in the form that does not divide by a slope of 0.
      return startMs + (2 * within) / (perMs + Math.sqrt(perMs ** 2 + 2 * slope * within));
    },
  };
}

function linesOf(steps: readonly RateStep[]) {
  const lines: Line[] = [];
  let startMs = 0;
  let callsBefore = 0;
  for (const { perSecond, toPerSecond = perSecond, forMs } of steps) {
    const perMs = perSecond / 1_000;
    const calls = ((perSecond + toPerSecond) / 2_000) * forMs;
    const slope = (toPerSecond - perSecond) / 1_000 / forMs;
    lines.push({ startMs, callsBefore, calls, perMs, slope });
    startMs += forMs;
    callsBefore += calls;
  }
  return { lines, calls: callsBefore, forMs: startMs };
}

/** The rates of a schedule that has them. */
export function stepsOf(schedule: Exclude<Schedule, { kind: "replay" | "closed" }>): RateStep[] {
  if (schedule.kind === "steps") return [...schedule.steps];
  const { perSecond, forMs } = schedule;
  if (schedule.kind !== "spike") return [{ perSecond, forMs }];
  const { times, atMs, spikeMs } = schedule;
  return [
    { perSecond, forMs: atMs },
    { perSecond: perSecond * times, forMs: spikeMs },
    { perSecond, forMs: forMs - atMs - spikeMs },
  ].filter((step) => step.forMs > 0);
}

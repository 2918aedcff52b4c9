import type { OpenSchedule } from "./pace.ts";
import { stepsOf } from "./rate-curve.ts";

/** The load that a schedule begins with, for as long as warming up takes. */
export function warmUpOf(schedule: OpenSchedule, forMs: number): OpenSchedule {
  if (schedule.kind === "replay") return { kind: "constant", perSecond: meanRate(schedule), forMs };
  const { perSecond } = stepsOf(schedule)[0]!;
  return { kind: schedule.kind === "poisson" ? "poisson" : "constant", perSecond, forMs };
}

function meanRate({ atMs, speed }: Extract<OpenSchedule, { kind: "replay" }>): number {
  const forMs = (atMs.at(-1) ?? 0) / speed;
  return forMs === 0 ? 0 : (1_000 * atMs.length) / forMs;
}

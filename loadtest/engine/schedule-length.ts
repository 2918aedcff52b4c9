import { createPace } from "../pace/pace.ts";
import type { Schedule } from "../schedule.ts";

/** In ms; of a closed loop that is limited in calls, at most. */
export function lengthOf(schedule: Schedule): number {
  if (schedule.kind === "closed") return schedule.forMs;
  return createPace(schedule, { seed: 0 }).forMs;
}

import { deal, type Deal, type Share } from "../../pace/deal.ts";
import { createPace, type OpenSchedule } from "../../pace/pace.ts";
import { warmUpOf } from "../../pace/warm-up.ts";

export interface DealRunOptions {
  readonly schedule: OpenSchedule;
  readonly seed: number;
  readonly warmUpMs: number;
  readonly share: Share;
}

/** Chance of its own, so that the schedule does not depend on how long was warmed up. */
const warmUpStream = 1;

/** A worker's calls: those of warming up, with times and numbers below 0, and then its share of the schedule. */
export function dealRun({ schedule, seed, warmUpMs, share }: DealRunOptions): Deal {
  const pace = createPace(warmUpOf(schedule, warmUpMs), { seed, stream: warmUpStream });
  const warmUp = deal(pace, share);
  const counted = deal(createPace(schedule, { seed }), share);
  const isWarm = () => warmUp.dueMs === Infinity;
  return {
    get number() {
      return isWarm() ? counted.number : -1 - warmUp.number;
    },
    get dueMs() {
      return isWarm() ? counted.dueMs : warmUp.dueMs - warmUpMs;
    },
    advance() {
      if (isWarm()) counted.advance();
      else warmUp.advance();
    },
  };
}

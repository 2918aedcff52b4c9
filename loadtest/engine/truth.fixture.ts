import { createPace } from "../pace/pace.ts";
import type { RunPlan } from "../run-plan.ts";
import type { AnswersAt } from "./virtual-run.fixture.ts";

/* What a run must find, computed without its loop: from the seeded times and the server alone. */

/** The latency of each call of an open loop whose streams always suffice, from when it is due. */
export function openTruth({ schedule, seed }: RunPlan, answersAt: AnswersAt): number[] {
  if (schedule.kind === "closed") throw new Error("this is a closed loop");
  const pace = createPace(schedule, { seed });
  const latencies: number[] = [];
  for (let dueMs = pace.next(); dueMs !== Infinity; dueMs = pace.next())
    latencies.push(answersAt(dueMs) - dueMs);
  return latencies;
}

/** The same with so many streams: each call takes the first that is free, and its waiting counts. */
export function queuedTruth(plan: RunPlan, streams: number, answersAt: AnswersAt): number[] {
  const { schedule, seed } = plan;
  if (schedule.kind === "closed") throw new Error("this is a closed loop");
  const pace = createPace(schedule, { seed });
  const freeAt = Array.from({ length: streams }, () => 0);
  const latencies: number[] = [];
  for (let dueMs = pace.next(); dueMs !== Infinity; dueMs = pace.next()) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = answersAt(Math.max(dueMs, freeAt[first]!));
    latencies.push(freeAt[first] - dueMs);
  }
  return latencies;
}

/** What a closed loop measures: each stream's calls, one after the other, from when they leave. */
export function closedTruth({ schedule, warmUpMs }: RunPlan, answersAt: AnswersAt): number[] {
  if (schedule.kind !== "closed") throw new Error("this is an open loop");
  const { streams, forMs } = schedule;
  return Array.from({ length: streams }, () => {
    const latencies: number[] = [];
    for (let atMs = -warmUpMs; atMs < forMs; atMs = answersAt(atMs))
      if (atMs >= 0) latencies.push(answersAt(atMs) - atMs);
    return latencies;
  }).flat();
}

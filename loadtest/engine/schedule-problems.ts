import { stepsOf } from "../pace/rate-curve.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RateStep, Schedule } from "../schedule.ts";
import { whole, within, type Bounds } from "./bounds.ts";

const rates: Bounds = [0, 1_000_000];
const times: Bounds = [1, 7 * 24 * 3_600_000];

/** What is wrong with a plan's schedule, a sentence each. */
export function scheduleProblems({ schedule, ...plan }: RunPlan): readonly string[] {
  if (schedule.kind === "replay") return replayProblems(schedule);
  if (schedule.kind === "closed") return closedProblems(schedule, plan);
  const own = schedule.kind === "spike" ? spikeProblems(schedule) : [];
  // Steps of a spike that does not fit make no sense.
  if (own.length > 0) return own;
  const steps = stepsOf(schedule);
  const problems = steps.flatMap((step, index) =>
    stepProblems(schedule.kind === "steps" ? `schedule.steps[${index}]` : "schedule", step),
  );
  if (problems.length > 0) return problems;
  const makesNone = steps.every(
    ({ perSecond, toPerSecond = perSecond }) => perSecond + toPerSecond === 0,
  );
  return makesNone ? ["the schedule makes no calls: give it a rate above 0"] : [];
}

function stepProblems(name: string, { perSecond, toPerSecond, forMs }: RateStep): string[] {
  return [
    ...within(`${name}.perSecond`, perSecond, rates),
    ...(toPerSecond === undefined ? [] : within(`${name}.toPerSecond`, toPerSecond, rates)),
    ...within(`${name}.forMs`, forMs, times),
  ];
}

function spikeProblems(schedule: Extract<Schedule, { kind: "spike" }>): readonly string[] {
  const { times: factor, atMs, spikeMs, forMs } = schedule;
  const problems = [
    ...within("schedule.times", factor, [0, 10_000]),
    ...within("schedule.atMs", atMs, [0, times[1]]),
    ...within("schedule.spikeMs", spikeMs, times),
  ];
  if (problems.length > 0 || atMs + spikeMs <= forMs) return problems;
  return [`the spike ends at ${atMs + spikeMs} ms, after the schedule's ${forMs} ms`];
}

function replayProblems({ atMs, speed }: Extract<Schedule, { kind: "replay" }>): readonly string[] {
  const problems = [...within("schedule.speed", speed, [0.001, 1_000])];
  if (atMs.length === 0) problems.push("schedule.atMs is empty: there is nothing to replay");
  const wrong = atMs.findIndex((at, index) => !(at >= (atMs[index - 1] ?? 0)));
  if (wrong >= 0)
    problems.push(
      `schedule.atMs[${wrong}] is ${atMs[wrong]}: times start at 0 or later and ascend`,
    );
  return problems;
}

function closedProblems(
  { streams, forMs, calls }: Extract<Schedule, { kind: "closed" }>,
  { connections, streamsPerConnection }: Omit<RunPlan, "schedule">,
): readonly string[] {
  const problems = [
    ...whole("schedule.streams", streams, [1, 1_000_000]),
    ...within("schedule.forMs", forMs, times),
    ...(calls === undefined ? [] : whole("schedule.calls", calls, [1, 1e12])),
  ];
  if (problems.length > 0) return problems;
  if (streams > connections * streamsPerConnection)
    problems.push(
      `schedule.streams is ${streams}: ${connections} connections with ${streamsPerConnection} streams each carry at most ${connections * streamsPerConnection}`,
    );
  if (streams < connections)
    problems.push(
      `schedule.streams is ${streams} for ${connections} connections: open no more connections than there are streams`,
    );
  return problems;
}

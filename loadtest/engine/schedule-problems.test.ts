import { expect, test } from "vitest";
import type { Schedule } from "../schedule.ts";
import { samplePlan } from "./sample-plan.fixture.ts";
import { scheduleProblems } from "./schedule-problems.ts";

const spike = { kind: "spike", perSecond: 10, times: 10, atMs: 0, spikeMs: 10, forMs: 20 } as const;

const broken: readonly (readonly [Schedule, string])[] = [
  [
    { kind: "constant", perSecond: 0, forMs: 1_000 },
    "the schedule makes no calls: give it a rate above 0",
  ],
  [
    { kind: "poisson", perSecond: 2e6, forMs: 1_000 },
    "schedule.perSecond is 2000000: it must be from 0 to 1,000,000",
  ],
  [
    { kind: "constant", perSecond: Number.NaN, forMs: 1_000 },
    "schedule.perSecond is NaN: it must be from 0 to 1,000,000",
  ],
  [
    {
      kind: "steps",
      steps: [
        { perSecond: 1, forMs: 1_000 },
        { perSecond: 1, toPerSecond: -1, forMs: 0 },
      ],
    },
    "schedule.steps[1].toPerSecond is -1: it must be from 0 to 1,000,000",
  ],
  [{ ...spike, spikeMs: 30 }, "the spike ends at 30 ms, after the schedule's 20 ms"],
  [{ kind: "replay", atMs: [], speed: 1 }, "schedule.atMs is empty: there is nothing to replay"],
  [
    { kind: "replay", atMs: [0, 5, 4], speed: 1 },
    "schedule.atMs[2] is 4: times start at 0 or later and ascend",
  ],
  [
    { kind: "closed", streams: 9, forMs: 1_000 },
    "schedule.streams is 9: 2 connections with 4 streams each carry at most 8",
  ],
  [
    { kind: "closed", streams: 1, forMs: 1_000 },
    "schedule.streams is 1 for 2 connections: open no more connections than there are streams",
  ],
];

test.each(broken)("%j is refused", (schedule, problem) => {
  const plan = { ...samplePlan(schedule), connections: 2, streamsPerConnection: 4 };
  expect(scheduleProblems(plan)[0]).toBe(problem);
});

test("schedules that can be are let through", () => {
  const pause: Schedule = {
    kind: "steps",
    steps: [
      { perSecond: 0, forMs: 10 },
      { perSecond: 5, forMs: 10 },
    ],
  };
  for (const schedule of [spike, pause]) expect(scheduleProblems(samplePlan(schedule))).toEqual([]);
});

import { expect, test } from "vitest";
import type { Schedule } from "../schedule.ts";
import { describeSchedule } from "./describe-schedule.ts";

const samples: readonly (readonly [Schedule, string])[] = [
  [{ kind: "constant", perSecond: 100, forMs: 30_000 }, "100/s for 30 s, evenly"],
  [{ kind: "poisson", perSecond: 2_500, forMs: 90_000 }, "2,500/s for 1 min 30 s, Poisson"],
  [
    {
      kind: "steps",
      steps: [
        { perSecond: 100, forMs: 10_000 },
        { perSecond: 100, toPerSecond: 200, forMs: 20_000 },
      ],
      arrivals: "poisson",
    },
    "100/s for 10 s, then 100/s to 200/s for 20 s, Poisson",
  ],
  [
    { kind: "spike", perSecond: 50, times: 10, atMs: 20_000, spikeMs: 30_000, forMs: 80_000 },
    "50.0/s for 1 min 20 s, x10.0 for 30 s from 20 s on, evenly",
  ],
  [
    { kind: "replay", atMs: [0, 500, 60_000], speed: 2 },
    "3 recorded calls over 1 min 00 s, 2.00 times as fast",
  ],
  [{ kind: "closed", streams: 64, forMs: 10_000 }, "closed loop of 64 streams for 10 s"],
  [
    { kind: "closed", streams: 64, forMs: 10_000, calls: 5_000 },
    "closed loop of 64 streams for 10 s, at most 5000 calls",
  ],
];

test.each(samples)("%j", (schedule, text) => {
  expect(describeSchedule(schedule)).toBe(text);
});

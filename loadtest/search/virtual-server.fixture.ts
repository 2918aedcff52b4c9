import { Random } from "../../models/random.ts";
import { createPace, type OpenSchedule } from "../pace/pace.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunResult } from "../run-result.ts";
import { histogramOf, sampleResult } from "../sample-result.fixture.ts";

export interface VirtualServer {
  /** How long a call keeps the server, in ms; called in the order of their arrival. */
  readonly serviceMs: (random: Random) => number;
  /** The most that the generator can send. Default: anything. */
  readonly generatorPerSecond?: number;
  /** Windows, from 0, that something else on the machine spoils for the server. */
  readonly disturbed?: readonly number[];
}

/** Runs plans against one queue with one server, in no time; it is as loaded when a window begins as while it lasts. */
export function virtualRuns(server: VirtualServer, seed: number) {
  const { serviceMs, generatorPerSecond = Infinity, disturbed = [] } = server;
  const random = new Random(seed);
  let windows = 0;
  return async (plan: RunPlan): Promise<RunResult> => {
    const schedule = plan.schedule as Extract<OpenSchedule, { perSecond: number; forMs: number }>;
    const { perSecond, forMs } = schedule;
    const window = windows++;
    const length = forMs + plan.warmUpMs;
    const pace = createPace(
      { ...schedule, forMs: length },
      {
        seed: seed + window,
      },
    );
    const latencies: number[] = [];
    let freeAtMs = 0;
    for (let dueMs = pace.next(); dueMs < length; dueMs = pace.next()) {
      freeAtMs = Math.max(freeAtMs, dueMs) + serviceMs(random);
      if (dueMs >= plan.warmUpMs) latencies.push(freeAtMs - dueMs);
    }
    const slowed = disturbed.includes(window) ? latencies.map((ms) => ms + 1_000) : latencies;
    const isLate = perSecond > generatorPerSecond;
    return sampleResult({
      latencies: slowed,
      service: histogramOf(slowed),
      counts: { targetRate: perSecond },
      invalid: isLate ? [{ rule: "lag", message: "calls left 12 ms late" }] : [],
    });
  };
}

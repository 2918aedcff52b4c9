import { Random } from "../models/random.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import { samplePlan } from "./engine/sample-plan.fixture.ts";
import { runVirtually, stallingServer } from "./engine/virtual-run.fixture.ts";
import type { RunPlan } from "./run-plan.ts";
import type { RunResult } from "./run-result.ts";

export interface Simulated {
  readonly seconds: number;
  readonly perSecond: number;
  readonly seed?: number;
  /** How long calls take, over what they usually do. */
  readonly slower?: number;
  /** Ctrl-C. */
  readonly stopAtMs?: number;
}

const stall = { everyMs: 10_000, forMs: 700 };

/**
 * What the real loop finds, in virtual time, of a service that has a long tail, a canary from a third of the run on, and
 * a stall every ten seconds during which it refuses some calls and degrades others.
 */
export function simulatedResult(simulated: Simulated): RunResult {
  const { seconds, perSecond, seed = 1, slower = 1, stopAtMs } = simulated;
  const random = new Random(seed);
  const stalled = stallingServer(0, stall);
  const plan: RunPlan = {
    ...samplePlan({ kind: "poisson", perSecond, forMs: 1_000 * seconds }),
    name: "steady",
    seed,
  };
  return runVirtually(plan, {
    answersAt: (arrivedMs) => stalled(arrivedMs) + slower * serviceMs(random),
    replyAt: (arrivedMs) => {
      const isStalled = stalled(arrivedMs) > arrivedMs;
      if (isStalled && random.share() < 0.15) return refusal;
      const isCanary = arrivedMs > (1_000 * seconds) / 3 && random.share() < 0.2;
      return reply(isCanary, isStalled && random.share() < 0.4);
    },
    ...(stopAtMs === undefined ? {} : { stopAtMs }),
  });
}

const refusal = new ServingError(
  "RESOURCE_EXHAUSTED",
  "playlists 7 is full: 64 rows wait, 64 may; try again in 40 ms",
);

function reply(isCanary: boolean, isDegraded: boolean): Uint8Array {
  const backend = isDegraded ? "popular" : isCanary ? "cpu-fp32" : "cpu-qint8";
  const served = { backend, degraded: isDegraded ? "overload" : "" };
  const routed = { arm: isCanary ? "canary" : "stable" };
  return RecommendResponse.encode(RecommendResponse.fromPartial({ served, routed })).finish();
}

/** Around 5 ms, spread as times are, and now and then much more. */
function serviceMs(random: Random): number {
  const normal =
    Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
  return 5 * Math.exp(0.35 * normal) * (random.share() < 0.01 ? 4 : 1);
}

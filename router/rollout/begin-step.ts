import { reweigh } from "../reweigh.ts";
import { canaryOf } from "./canary-of.ts";
import { promoteFully } from "./promote-fully.ts";
import type { Draft, Plan, Rollout } from "./rollout.ts";

export interface Beginning {
  readonly plan: Plan;
  readonly step: number;
  readonly nowMs: number;
}

/** The canary has the step's weight; the stable arm takes or gives the difference. */
export function beginStep(
  { distribution }: Pick<Rollout, "distribution">,
  { plan, step, nowMs }: Beginning,
): Draft {
  const [stable] = distribution.arms;
  const canary = canaryOf(distribution)!;
  const { weight, dwell } = plan.steps[step]!;
  const weights = {
    [canary.name]: weight,
    [stable!.name]: stable!.weight + canary.weight - weight,
  };
  const phase = dwell === "pause" ? "paused" : "stepping";
  return {
    distribution: { ...distribution, arms: reweigh(distribution, weights) },
    plan,
    state: { phase, step, sinceMs: nowMs },
  };
}

/** The one after `last`; past the last one of all, the canary is promoted. */
export function beginNextStep(
  rollout: Rollout,
  { step: last }: { readonly step: number },
  nowMs: number,
): Draft {
  const { plan } = rollout;
  const step = last + 1;
  return plan !== undefined && step < plan.steps.length
    ? beginStep(rollout, { plan, step, nowMs })
    : promoteFully(rollout, nowMs);
}

import { beginNextStep } from "./begin-step.ts";
import { finished } from "./change-rollout.ts";
import { placeOf } from "./describe-state.ts";
import { standsStill } from "./stands-still.ts";
import type { Author, Draft, Observation, Rollout } from "./rollout.ts";

/** Who a step that comes by itself is put down to. */
export type Stepper = Pick<Author, "auditId" | "by" | "from">;

const verb = "advance";

/**
 * What the rollout becomes when its step has had its time before the eyes of who looks; undefined while it has not, where
 * none runs, and while no server holds the canary's version.
 * One step at a time, and the next one has its whole time from now on: if no router was there for an hour, nobody saw how
 * the canary did meanwhile, and running through the steps that were due would give it everybody unseen.
 */
export function advance(
  rollout: Rollout,
  observation: Observation,
  stepper: Stepper,
): Rollout | undefined {
  const { state } = rollout;
  const { nowMs, dweltMs } = observation;
  const dwell = dwellOf(rollout);
  if (state.phase !== "stepping" || dwell === undefined || dweltMs < dwell) return undefined;
  if (standsStill(rollout, observation) !== undefined) return undefined;
  const draft = beginNextStep(rollout, state, nowMs);
  const distribution = { ...draft.distribution, revision: rollout.distribution.revision + 1 };
  const changed = { ...stepper, verb, reason: reasonOf(draft), atMs: nowMs };
  return finished({ ...draft, distribution }, changed);
}

/** It was a step that made it so, and nobody. */
export function isAdvanced({ changed }: Pick<Rollout, "changed">): boolean {
  return changed.verb === verb;
}

/** When it goes on by itself, by the clock of who began the step; undefined: it does not. */
export function nextStepAtMs(rollout: Rollout): number | undefined {
  const { state } = rollout;
  const dwell = dwellOf(rollout);
  return state.phase === "stepping" && dwell !== undefined ? state.sinceMs + dwell : undefined;
}

/** Of the step that runs; undefined: none does. */
export function dwellOf({ distribution, plan, state }: Rollout): number | undefined {
  if (state.phase !== "stepping" || distribution.killSwitch !== undefined) return undefined;
  const dwell = plan?.steps[state.step]?.dwell;
  return typeof dwell === "number" ? dwell : undefined;
}

function reasonOf({ plan, state }: Draft): string {
  return "step" in state
    ? `${placeOf(state.step, plan)}: the time of the one before has passed`
    : "the time of the last step has passed: the canary's version is the stable one";
}

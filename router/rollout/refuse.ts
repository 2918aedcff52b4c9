import { ServingError } from "../../proto/serving-error.ts";
import { canaryOf } from "./canary-of.ts";
import { describeState } from "./describe-state.ts";
import type { Rollout } from "./rollout.ts";

/** FAILED_PRECONDITION: how the rollout stands, and what can be done instead. */
export function refuse(verb: string, rollout: Rollout, instead: string): ServingError {
  const { model } = rollout.distribution;
  const stands = `cannot ${verb} ${model}: it is ${describeState(rollout)}`;
  return new ServingError("FAILED_PRECONDITION", `${stands}; ${instead}`);
}

/** What would not be seen while every query goes to one arm. */
export function assertNoKillSwitch(verb: string, { distribution }: Rollout): void {
  const { killSwitch, model } = distribution;
  if (killSwitch === undefined) return;
  const everyone = `cannot ${verb} ${model}: the kill switch sends everybody to ${killSwitch}`;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${everyone}; turn it off first: \`set kill-switch off\``,
  );
}

export function assertCanary(distribution: Rollout["distribution"]): void {
  if (canaryOf(distribution) !== undefined) return;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${distribution.model} has no canary; \`set version canary=VERSION\` first`,
  );
}
